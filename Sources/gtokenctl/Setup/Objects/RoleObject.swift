import GTokenAdminClients
import GTokenClients
import GTokenCore

/// An AWS role, and all that it is made of.
///
/// What carries our mark is the bindings' alone: policies that they do not name are taken off it. A role of somebody else is
/// an error, unless it is to be taken over. A permissions boundary that somebody set is never taken away.
struct RoleObject: SetupObject {
    let settings: Binding.RoleSettings
    /// The bindings whose Pods assume it.
    let bindings: [Binding]
    /// The identity providers of those of identity `cluster`.
    let providers: [OpenIDConnectProviderARN]

    var name: String { settings.name.name }
    var id: ObjectID { ObjectID(.awsRole, "\(settings.name)") }

    var needs: [ObjectID] {
        bindings.compactMap { $0.googleServiceAccount.map { ObjectID(.googleAccount, "\($0)") } }
            + providers.map { ObjectID(.identityProvider, $0.issuer.name) }
    }

    func reconcile(_ context: SetupContext) async throws -> ObjectChange {
        let policies = try await arns(of: settings.policies, context)
        let boundary = try await arns(of: settings.permissionsBoundary.map { [$0] } ?? [], context).first
        let trust = try trustPolicy(context)
        guard let role = try await context.aws.findRole(name) else {
            return try await create(trust, policies, boundary, context)
        }
        try checkOwner(role, context)
        let difference = try await RoleDifference(
            role,
            wanted: self,
            trust: trust,
            policies: policies,
            boundary: boundary,
            context.aws
        )
        let change = ObjectChange.existing(id, difference.details)
        if change.isChange, !context.isDryRun { try await difference.apply(context.aws) }
        return change
    }

    private func create(
        _ trust: PolicyDocument?,
        _ policies: [String],
        _ boundary: String?,
        _ context: SetupContext
    ) async throws -> ObjectChange {
        var details: [ObjectChange.Detail] = [
            trust.flatMap { try? JSONDocument($0.encoded) }.map {
                .document("trust policy", from: nil, to: $0)
            }
                ?? .add("trust policy", "known once the Google service account is made")
        ]
        details += policies.map { .add("policy", $0) }
        details += settings.inlinePolicies.sorted { $0.key < $1.key }.map {
            .document("inline policy \($0.key)", from: nil, to: $0.value.document)
        }
        details.append(.add("maximum session", Duration.seconds(settings.maxSessionSeconds).goText))
        if let boundary { details.append(.add("permissions boundary", boundary)) }
        details += tags.sorted { $0.key < $1.key }.map { .add("tag \($0.key)", $0.value) }
        let change = ObjectChange(id, .create, details)
        guard !context.isDryRun else { return change }
        guard let trust else { throw SetupError("the unique id of the Google service account is not known") }
        _ = try await context.aws.createRole(
            IAMRoleDraft(
                name: settings.name,
                trustPolicy: trust,
                description: description,
                maxSessionSeconds: settings.maxSessionSeconds,
                permissionsBoundary: boundary,
                tags: tags
            )
        )
        for policy in policies { try await context.aws.attachRolePolicy(name, policyARN: policy) }
        for (policy, document) in settings.inlinePolicies {
            try await context.aws.putRolePolicy(name, policy: policy, document: document.text)
        }
        return change
    }

    func remove(_ context: SetupContext) async throws -> ObjectChange {
        guard let role = try await context.aws.findRole(name) else { return .existing(id, []) }
        guard role.isOurs else { return ObjectChange(id, .leave, [.note("gtokenctl did not make it")]) }
        context.facts.noteRemoved(role.arn)
        let change = ObjectChange(id, .delete)
        guard !context.isDryRun else { return change }
        try await context.aws.removeAllPolicies(name)
        do throws(AWSQueryError) {
            try await context.aws.deleteRole(name)
        } catch  where error.isNoSuchEntity {
            // Somebody else was faster.
        }
        return change
    }

    // MARK: What it should be

    /// One statement for each binding; `nil` while an account's unique id is not known, as in a plan.
    private func trustPolicy(_ context: SetupContext) throws -> PolicyDocument? {
        try trustPolicy(in: context.account, uniqueID: context.facts.uniqueID)
    }

    /// The same, by what is known of the accounts.
    func trustPolicy(
        in account: SetupContext.AWSAccount,
        uniqueID: (GoogleServiceAccountEmail) -> GoogleUniqueID?
    ) throws -> PolicyDocument? {
        var statements: [PolicyStatement] = []
        for binding in bindings {
            guard let policy = try trustPolicy(of: binding, account, uniqueID) else { return nil }
            for statement in policy.statements where !statements.contains(statement) {
                statements.append(statement)
            }
        }
        return PolicyDocument(statements: statements)
    }

    private func trustPolicy(
        of binding: Binding,
        _ account: SetupContext.AWSAccount,
        _ uniqueID: (GoogleServiceAccountEmail) -> GoogleUniqueID?
    ) throws -> PolicyDocument? {
        switch binding.identity {
        case .google:
            guard let email = binding.googleServiceAccount, let uniqueID = uniqueID(email)
            else {
                return nil
            }
            return TrustPolicy.google(
                uniqueID: uniqueID,
                audience: binding.audience,
                keySource: binding.allowsKeySource ? email : nil
            )
        case .cluster:
            let provider = try OpenIDConnectProviderARN(
                partition: account.partition,
                accountID: account.id,
                issuer: try OpenIDConnectIssuer(binding.cluster)
            )
            return TrustPolicy.cluster(
                provider: provider,
                serviceAccount: binding.serviceAccount,
                audience: binding.audience
            )
        }
    }

    /// Its own tags, and our mark.
    var tags: [String: String] {
        settings.tags.merging([OwnershipMark.tagKey: OwnershipMark.value]) { own, _ in own }
    }

    var description: String {
        let names = bindings.map { "\($0.serviceAccount)" }.joined(separator: ", ")
        return String("For Pods of \(names), by \(OwnershipMark.value)".prefix(1000))
    }

    private func arns(of references: [PolicyReference], _ context: SetupContext) async throws -> [String] {
        var arns: [String] = []
        for reference in references {
            guard let arn = try await context.aws.policyARN(reference, partition: context.account.partition)
            else {
                throw SetupError(
                    "there is no policy \(reference), neither AWS's nor the account's",
                    hint: "look: aws iam list-policies --query 'Policies[].PolicyName'"
                )
            }
            if !arns.contains(arn) { arns.append(arn) }
        }
        return arns
    }

    private func checkOwner(_ role: IAMRole, _ context: SetupContext) throws {
        guard role.isOurs || context.settings.adopts else {
            throw SetupError(
                "the role is there, and gtokenctl did not make it",
                hint:
                    "name another role, or take it over with --adopt: its trust and its policies become the bindings'"
            )
        }
        guard role.arn.path == settings.name.path else {
            throw SetupError(
                "the role is there under another path, \(role.arn.path)",
                hint: "name it with its path, \(role.arn.path.dropFirst())\(name)"
            )
        }
    }
}

extension IAMRole {
    /// Whether it carries our mark.
    var isOurs: Bool { tags[OwnershipMark.tagKey] == OwnershipMark.value }
}

extension InlinePolicy {
    /// The document as it was written.
    var text: String { String(decoding: document.bytes, as: UTF8.self) }
}
