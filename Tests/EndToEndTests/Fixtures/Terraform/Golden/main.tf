# Made by gtokenctl terraform; what is changed here is lost when it runs again.

module "google" {
  source = "./google"

  existing_service_accounts = var.existing_service_accounts
}

module "aws" {
  source = "./aws"

  google_unique_ids           = module.google.unique_ids
  existing_identity_providers = var.existing_identity_providers
  policy_arns                 = var.policy_arns
}
