# Made by gtokenctl terraform; what is changed here is lost when it runs again.

variable "existing_service_accounts" {
  description = "The e-mails of Google service accounts that are there already; they stay out of the state."
  type        = set(string)
  default     = []
}
