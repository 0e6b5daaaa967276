# Made by gtokenctl terraform; what is changed here is lost when it runs again.

locals {
  service_accounts = {
    "orders-gsa@demo-project.iam.gserviceaccount.com" = {
      project      = "demo-project"
      account_id   = "orders-gsa"
      display_name = "Pods of shop/orders"
      description  = "AWS role of Pods of shop/orders, shop/bills (gtokenctl)"
      workload_identity_users = [
        "serviceAccount:demo-project.svc.id.goog[shop/orders]",
        "serviceAccount:demo-project.svc.id.goog[shop/bills]",
      ]
      makes_own_tokens = true
    }
    "bills-gsa@demo-project.iam.gserviceaccount.com" = {
      project                 = "demo-project"
      account_id              = "bills-gsa"
      display_name            = "Pods of office/bills"
      description             = "AWS role of Pods of office/bills (gtokenctl)"
      workload_identity_users = ["serviceAccount:demo-project.svc.id.goog[office/bills]"]
      makes_own_tokens        = false
    }
  }
}
