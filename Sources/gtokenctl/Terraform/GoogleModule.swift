import GTokenCore

/// The Google side of bindings as a module: service accounts, and who may use them.
///
/// Built as ``AWSModule`` is. The provider is not to be had where this is tested: its texts are held against files that people have
/// read, and their form against `terraform fmt`.
struct GoogleModule {
    private let accounts: [GoogleAccountObject]
    private let policies: [GoogleServiceAccountEmail: GoogleBindingsObject]

    init(_ work: SetupWork) {
        accounts = work.objects.compactMap { $0 as? GoogleAccountObject }
        let policies = work.objects.compactMap { $0 as? GoogleBindingsObject }
        self.policies = Dictionary(policies.map { ($0.email, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The accounts; where there are none, nobody needs the module.
    var emails: [GoogleServiceAccountEmail] { accounts.map(\.email) }

    /// The module's files.
    var files: [TerraformFile] {
        [
            TerraformFile("google/versions.tf", [TerraformVersions.text(provider: "google", since: "5.0")]),
            TerraformFile("google/variables.tf", [Self.existingAccounts.text]),
            TerraformFile("google/main.tf", [Self.main]),
            TerraformFile("google/bindings.tf", [bindings]),
            TerraformFile("google/outputs.tf", [Self.uniqueIDs.text]),
        ]
    }

    // MARK: What differs

    private var bindings: String {
        let accounts = HCLValue.map(accounts.map { (key: "\($0.email)", value: value(of: $0)) })
        return "locals {\n\([HCLMember("service_accounts", accounts)].written(margin: "  "))}\n"
    }

    private func value(of account: GoogleAccountObject) -> HCLValue {
        let policy = policies[account.email]
        return .object([
            // An address that names no project is one of Google's own making: it is there, or nowhere.
            HCLMember("project", account.email.project.map { .text("\($0)") } ?? .verbatim("null")),
            HCLMember("account_id", .text(account.email.name)),
            HCLMember("display_name", .text(account.displayName)),
            HCLMember("description", .text(account.description)),
            HCLMember("workload_identity_users", .texts((policy?.members ?? []).map { "\($0)" })),
            HCLMember("makes_own_tokens", .verbatim("\(policy?.makesOwnTokens ?? false)")),
        ])
    }

    // MARK: What is the same for all fleets

    static let existingAccounts = TerraformVariable(
        name: "existing_service_accounts",
        description:
            "The e-mails of Google service accounts that are there already; they stay out of the state.",
        type: "set(string)",
        fallback: .list([])
    )

    static let uniqueIDs = TerraformOutput(
        name: "unique_ids",
        description: "The unique id of each Google service account, by its e-mail.",
        value: "{ for email, account in local.accounts : email => account.unique_id }"
    )

    private static let main = """
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
          role               = "\(GoogleBindingsObject.podRole)"
          member             = each.value.member
        }

        # The account on itself, where gtoken makes tokens by IAM Credentials.
        resource "google_service_account_iam_member" "own_token_creator" {
          for_each = { for email, account in local.service_accounts : email => account if account.makes_own_tokens }

          service_account_id = local.accounts[each.key].name
          role               = "\(GoogleBindingsObject.ownRole)"
          member             = "serviceAccount:${each.key}"
        }

        """
}
