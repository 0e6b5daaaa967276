import GTokenCore

/// The AWS side of bindings as a module: roles with their policies, and the identity providers of clusters.
///
/// What differs between fleets is data, in `bindings.tf`; `main.tf` is the same for all. Addresses in Terraform's state are names in
/// AWS, so that a binding that comes or goes moves no other.
struct AWSModule {
    private let roles: [RoleObject]
    private let providers: [IdentityProviderObject]
    private let uniqueIDs: [GoogleServiceAccountEmail: GoogleUniqueID]?

    /// What stands for the account where `apply` would name it; references take its place.
    static let account = SetupContext.AWSAccount(partition: "aws", id: "000000000000")

    /// A module with the unique ids of all accounts; `nil` where somebody else has to say them.
    init(_ work: SetupWork, uniqueIDs: [GoogleServiceAccountEmail: GoogleUniqueID]?) {
        roles = work.objects.compactMap { $0 as? RoleObject }
        providers = work.objects.compactMap { $0 as? IdentityProviderObject }
        self.uniqueIDs = uniqueIDs
    }

    /// The module's files.
    ///
    /// - Throws: what makes a trust policy impossible.
    func files() throws -> [TerraformFile] {
        [
            // tags_all and thumbprints that nobody has to give: hashicorp/aws 5.81.
            TerraformFile("aws/versions.tf", [TerraformVersions.text(provider: "aws", since: "5.81")]),
            TerraformFile(
                "aws/variables.tf",
                [uniqueIDVariable, Self.existingProviders, Self.policyARNs].map(\.text)
            ),
            TerraformFile("aws/main.tf", [Self.main]),
            TerraformFile("aws/bindings.tf", [try bindings()]),
            TerraformFile("aws/outputs.tf", [Self.roleARNs.text]),
        ]
    }

    // MARK: What differs

    private func bindings() throws -> String {
        let roles = HCLValue.map(roles.map { (key: $0.name, value: value(of: $0)) })
        let policies = HCLValue.map(try self.roles.map { (key: $0.name, value: try trustPolicy(of: $0)) })
        let providers = HCLValue.map(providers.map { (key: $0.arn.issuer.name, value: value(of: $0)) })
        let locals = [("roles", roles), ("trust_policies", policies), ("identity_providers", providers)].map {
            [HCLMember($0.0, $0.1)].written(margin: "  ")
        }
        return "locals {\n\(locals.joined(separator: "\n"))}\n"
    }

    private func value(of role: RoleObject) -> HCLValue {
        let inline = role.settings.inlinePolicies.sorted { $0.key < $1.key }
        return .object([
            HCLMember("path", .text(role.settings.name.path)),
            HCLMember("description", .text(role.description)),
            HCLMember("max_session_duration", .verbatim("\(role.settings.maxSessionSeconds)")),
            HCLMember(
                "permissions_boundary",
                role.settings.permissionsBoundary.map { .text("\($0)") } ?? .verbatim("null")
            ),
            HCLMember("policies", .texts(role.settings.policies.map { "\($0)" })),
            HCLMember(
                "inline_policies",
                .map(
                    inline.map { (key: $0.key, value: .call("jsonencode", HCLValue($0.value.document.root))) }
                )
            ),
            HCLMember("tags", .map(role.tags)),
        ])
    }

    private func value(of provider: IdentityProviderObject) -> HCLValue {
        .object([
            HCLMember("audiences", .texts(provider.audiences)),
            HCLMember("tags", .map([OwnershipMark.tagKey: OwnershipMark.value])),
        ])
    }

    /// The policy that `apply` would set, with references where it has ids.
    private func trustPolicy(of role: RoleObject) throws -> HCLValue {
        let emails = Set(role.bindings.compactMap(\.googleServiceAccount)).sorted { "\($0)" < "\($1)" }
        var ids: [GoogleServiceAccountEmail: GoogleUniqueID] = [:]
        var references: [Place: String] = [:]
        for (index, email) in emails.enumerated() {
            // 21 digits, as Google has them.
            let id = try GoogleUniqueID(parsing: "\(100_000_000_000_000_000 + index)000")
            ids[email] = id
            for key in ["sub", "aud"] {
                references[Place("\(TrustPolicy.google):\(key)", "\(id)")] =
                    "var.google_unique_ids[\(HCLText.quoted("\(email)"))]"
            }
        }
        for provider in role.providers {
            references[Place("Federated", "\(provider)")] =
                "local.identity_provider_arns[\(HCLText.quoted(provider.issuer.name))]"
        }
        guard let policy = try role.trustPolicy(in: Self.account, uniqueID: { ids[$0] }) else {
            throw SetupError("the role \(role.name) has a binding without a Google service account")
        }
        let value = HCLValue(try JSONDocument(policy.encoded).root) { name, text in
            references[Place(name, text)].map { .verbatim($0) }
        }
        return .call("jsonencode", value)
    }

    /// A text in a policy, and the member that it stands under: an audience may look like an id.
    private struct Place: Hashable {
        let member: String
        let text: String

        init(_ member: String, _ text: String) { (self.member, self.text) = (member, text) }
    }

    private var uniqueIDVariable: TerraformVariable {
        TerraformVariable(
            name: "google_unique_ids",
            description:
                "The unique id of each Google service account, by its e-mail: the output unique_ids of the Google module.",
            type: "map(string)",
            fallback: uniqueIDs.map { ids in
                .map(Dictionary(uniqueKeysWithValues: ids.map { ("\($0.key)", "\($0.value)") }))
            },
            validation: """
                  validation {
                    condition     = alltrue([for id in values(var.google_unique_ids) : can(regex("^[0-9]+$", id))])
                    error_message = "A unique id has digits alone."
                  }

                """
        )
    }
}
