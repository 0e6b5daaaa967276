# Made by gtokenctl terraform; what is changed here is lost when it runs again.

locals {
  roles = {
    "orders" = {
      path                 = "/shop/"
      description          = "For Pods of shop/orders, by gtokenctl"
      max_session_duration = 7200
      permissions_boundary = "PowerUserAccess"
      policies = [
        "AmazonSQSFullAccess",
        "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
      ]
      inline_policies = {
        "home" = jsonencode({
          "Version" = "2012-10-17"
          "Statement" = [
            {
              "Effect" = "Allow"
              "Action" = [
                "s3:GetObject",
                "s3:PutObject",
              ]
              "Resource" = "arn:aws:s3:::shop/$${aws:PrincipalTag/team}/%%{x}\"\\/*"
              "Condition" = {
                "Bool" = {
                  "aws:SecureTransport" = true
                }
              }
            },
          ]
        })
        "queues" = jsonencode({
          "Version" = "2012-10-17"
          "Statement" = {
            "Effect"   = "Allow"
            "Action"   = "sqs:*"
            "Resource" = "*"
          }
        })
      }
      tags = {
        "Füße"              = "größer"
        "cost-center"       = "1"
        "gtoken/managed-by" = "gtokenctl"
        "team"              = "orders + more"
      }
    }
    "bills" = {
      path                 = "/"
      description          = "For Pods of shop/bills, office/bills, by gtokenctl"
      max_session_duration = 3600
      permissions_boundary = null
      policies             = ["AmazonSQSFullAccess"]
      inline_policies      = {}
      tags = {
        "gtoken/managed-by" = "gtokenctl"
      }
    }
    "stock@1" = {
      path                 = "/"
      description          = "For Pods of shop/stock, by gtokenctl"
      max_session_duration = 3600
      permissions_boundary = null
      policies             = []
      inline_policies      = {}
      tags = {
        "gtoken/managed-by" = "gtokenctl"
      }
    }
    "prices" = {
      path                 = "/"
      description          = "For Pods of shop/prices, by gtokenctl"
      max_session_duration = 3600
      permissions_boundary = null
      policies             = []
      inline_policies      = {}
      tags = {
        "gtoken/managed-by" = "gtokenctl"
      }
    }
  }

  trust_policies = {
    "orders" = jsonencode({
      "Version" = "2012-10-17"
      "Statement" = [
        {
          "Effect" = "Allow"
          "Principal" = {
            "Federated" = "accounts.google.com"
          }
          "Action" = "sts:AssumeRoleWithWebIdentity"
          "Condition" = {
            "StringEquals" = {
              "accounts.google.com:sub" = var.google_unique_ids["orders-gsa@demo-project.iam.gserviceaccount.com"]
              "accounts.google.com:aud" = [
                var.google_unique_ids["orders-gsa@demo-project.iam.gserviceaccount.com"],
                "orders-gsa@demo-project.iam.gserviceaccount.com",
              ]
              "accounts.google.com:oaud" = "100000000000000000000"
            }
          }
        },
      ]
    })
    "bills" = jsonencode({
      "Version" = "2012-10-17"
      "Statement" = [
        {
          "Effect" = "Allow"
          "Principal" = {
            "Federated" = "accounts.google.com"
          }
          "Action" = "sts:AssumeRoleWithWebIdentity"
          "Condition" = {
            "StringEquals" = {
              "accounts.google.com:sub"  = var.google_unique_ids["orders-gsa@demo-project.iam.gserviceaccount.com"]
              "accounts.google.com:aud"  = var.google_unique_ids["orders-gsa@demo-project.iam.gserviceaccount.com"]
              "accounts.google.com:oaud" = "gtoken/sts/assume-role-with-web-identity"
            }
          }
        },
        {
          "Effect" = "Allow"
          "Principal" = {
            "Federated" = "accounts.google.com"
          }
          "Action" = "sts:AssumeRoleWithWebIdentity"
          "Condition" = {
            "StringEquals" = {
              "accounts.google.com:sub"  = var.google_unique_ids["bills-gsa@demo-project.iam.gserviceaccount.com"]
              "accounts.google.com:aud"  = var.google_unique_ids["bills-gsa@demo-project.iam.gserviceaccount.com"]
              "accounts.google.com:oaud" = "gtoken/sts/assume-role-with-web-identity"
            }
          }
        },
      ]
    })
    "stock@1" = jsonencode({
      "Version" = "2012-10-17"
      "Statement" = [
        {
          "Effect" = "Allow"
          "Principal" = {
            "Federated" = local.identity_provider_arns["container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/main"]
          }
          "Action" = "sts:AssumeRoleWithWebIdentity"
          "Condition" = {
            "StringEquals" = {
              "container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/main:sub" = "system:serviceaccount:shop:stock"
              "container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/main:aud" = "$${$}{stock}"
            }
          }
        },
      ]
    })
    "prices" = jsonencode({
      "Version" = "2012-10-17"
      "Statement" = [
        {
          "Effect" = "Allow"
          "Principal" = {
            "Federated" = local.identity_provider_arns["container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/second"]
          }
          "Action" = "sts:AssumeRoleWithWebIdentity"
          "Condition" = {
            "StringEquals" = {
              "container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/second:sub" = "system:serviceaccount:shop:prices"
              "container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/second:aud" = "sts.amazonaws.com"
            }
          }
        },
      ]
    })
  }

  identity_providers = {
    "container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/main" = {
      audiences = ["$${stock}"]
      tags = {
        "gtoken/managed-by" = "gtokenctl"
      }
    }
    "container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/second" = {
      audiences = ["sts.amazonaws.com"]
      tags = {
        "gtoken/managed-by" = "gtokenctl"
      }
    }
  }
}
