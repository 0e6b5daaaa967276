# Made by gtokenctl terraform; what is changed here is lost when it runs again.

# What bindings.tf names: Google service accounts, and who may use them.
#
# Not validated against the Google provider: read what `terraform plan` says before you apply it.

locals {
  existing = toset([
    for email, account in local.service_accounts : email
    if account.project == null || contains(var.existing_service_accounts, email)
  ])

  accounts = merge(
    { for email, account in google_service_account.account : email => { name = account.name, unique_id = account.unique_id } },
    { for email, account in data.google_service_account.existing : email => { name = account.name, unique_id = account.unique_id } },
  )

  users = merge([
    for email, account in local.service_accounts : {
      for member in account.workload_identity_users : "${email} ${member}" => { email = email, member = member }
    }
  ]...)
}

data "google_service_account" "existing" {
  for_each = local.existing

  account_id = each.key
}

resource "google_service_account" "account" {
  for_each = { for email, account in local.service_accounts : email => account if !contains(local.existing, email) }

  project      = each.value.project
  account_id   = each.value.account_id
  display_name = each.value.display_name
  description  = each.value.description
}

# Exactly these ServiceAccounts of the clusters, on exactly that account.
resource "google_service_account_iam_member" "workload_identity_user" {
  for_each = local.users

  service_account_id = local.accounts[each.value.email].name
  role               = "roles/iam.workloadIdentityUser"
  member             = each.value.member
}

# The account on itself, where gtoken makes tokens by IAM Credentials.
resource "google_service_account_iam_member" "own_token_creator" {
  for_each = { for email, account in local.service_accounts : email => account if account.makes_own_tokens }

  service_account_id = local.accounts[each.key].name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = "serviceAccount:${each.key}"
}
