# Made by gtokenctl terraform; what is changed here is lost when it runs again.

variable "existing_service_accounts" {
  description = "The e-mails of Google service accounts that are there already; they stay out of the state."
  type        = set(string)
  default     = []
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
