# Made by gtokenctl terraform; what is changed here is lost when it runs again.

output "role_arns" {
  description = "The ARN of each role, by its name."
  value       = module.aws.role_arns
}
