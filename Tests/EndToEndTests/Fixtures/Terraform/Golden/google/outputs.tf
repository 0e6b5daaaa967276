# Made by gtokenctl terraform; what is changed here is lost when it runs again.

output "unique_ids" {
  description = "The unique id of each Google service account, by its e-mail."
  value       = { for email, account in local.accounts : email => account.unique_id }
}
