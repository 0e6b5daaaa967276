# Made by gtokenctl terraform; what is changed here is lost when it runs again.

# What bindings.tf names: roles, their policies, and the identity providers of clusters.

locals {
  policies = distinct(flatten([for role in values(local.roles) : concat(role.policies, compact([role.permissions_boundary]))]))

  policy_arns = merge(
    { for policy in local.policies : policy => policy },
    { for name, policy in data.aws_iam_policy.named : name => policy.arn },
    var.policy_arns,
  )

  identity_provider_arns = merge(
    { for issuer, provider in aws_iam_openid_connect_provider.cluster : issuer => provider.arn },
    { for issuer, provider in data.aws_iam_openid_connect_provider.existing : issuer => provider.arn },
  )

  attachments = merge([
    for name, role in local.roles : { for policy in role.policies : "${name} ${policy}" => { role = name, policy = policy } }
  ]...)

  inline_policies = merge([
    for name, role in local.roles : {
      for policy, document in role.inline_policies : "${name} ${policy}" => { role = name, name = policy, document = document }
    }
  ]...)
}

# Policies that are named without an ARN: AWS's own, or the account's. One name for two policies is an error.
data "aws_iam_policy" "named" {
  for_each = toset([
    for policy in local.policies : policy if !startswith(policy, "arn:") && !contains(keys(var.policy_arns), policy)
  ])

  name = each.key
}

data "aws_iam_openid_connect_provider" "existing" {
  for_each = toset([
    for issuer in keys(local.identity_providers) : issuer if contains(var.existing_identity_providers, issuer)
  ])

  url = "https://${each.key}"
}

resource "aws_iam_openid_connect_provider" "cluster" {
  for_each = {
    for issuer, provider in local.identity_providers : issuer => provider if !contains(var.existing_identity_providers, issuer)
  }

  url            = "https://${each.key}"
  client_id_list = each.value.audiences
  tags           = each.value.tags
}

resource "aws_iam_role" "role" {
  for_each = local.roles

  name                 = each.key
  path                 = each.value.path
  description          = each.value.description
  assume_role_policy   = local.trust_policies[each.key]
  max_session_duration = each.value.max_session_duration
  permissions_boundary = each.value.permissions_boundary == null ? null : local.policy_arns[each.value.permissions_boundary]
  tags                 = each.value.tags
}

resource "aws_iam_role_policy_attachment" "managed" {
  for_each = local.attachments

  role       = aws_iam_role.role[each.value.role].name
  policy_arn = local.policy_arns[each.value.policy]
}

resource "aws_iam_role_policy" "inline" {
  for_each = local.inline_policies

  role   = aws_iam_role.role[each.value.role].name
  name   = each.value.name
  policy = each.value.document
}

# A role has these policies and no others: what somebody adds by hand is taken off it.
resource "aws_iam_role_policy_attachments_exclusive" "managed" {
  for_each = local.roles

  role_name   = aws_iam_role.role[each.key].name
  policy_arns = [for policy in each.value.policies : local.policy_arns[policy]]

  depends_on = [aws_iam_role_policy_attachment.managed]
}

resource "aws_iam_role_policies_exclusive" "inline" {
  for_each = local.roles

  role_name    = aws_iam_role.role[each.key].name
  policy_names = keys(each.value.inline_policies)

  depends_on = [aws_iam_role_policy.inline]
}
