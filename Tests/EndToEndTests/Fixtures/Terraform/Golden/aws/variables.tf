# Made by gtokenctl terraform; what is changed here is lost when it runs again.

variable "google_unique_ids" {
  description = "The unique id of each Google service account, by its e-mail: the output unique_ids of the Google module."
  type        = map(string)

  validation {
    condition     = alltrue([for id in values(var.google_unique_ids) : can(regex("^[0-9]+$", id))])
    error_message = "A unique id has digits alone."
  }
}

variable "existing_identity_providers" {
  description = "The issuers, without https://, whose identity providers the account has already; they stay out of the state."
  type        = set(string)
  default     = []
}

variable "policy_arns" {
  description = "The ARN of a policy by its name, where AWS and the account have one of that name each."
  type        = map(string)
  default     = {}
}
