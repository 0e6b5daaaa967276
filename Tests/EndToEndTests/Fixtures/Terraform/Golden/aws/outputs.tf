# Made by gtokenctl terraform; what is changed here is lost when it runs again.

output "role_arns" {
  description = "The ARN of each role, by its name."
  value       = { for name, role in aws_iam_role.role : name => role.arn }
}
