import GTokenAdminClients
import GTokenClients
import GTokenCore

/// The identity provider that an AWS account has for a cluster's issuer.
struct IdentityProviderObject: SetupObject {
    let arn: OpenIDConnectProviderARN
    /// The audiences of the tokens.
    let audiences: [String]

    var id: ObjectID { ObjectID(.identityProvider, arn.issuer.name) }
    var needs: [ObjectID] { [] }

    func reconcile(_ context: SetupContext) async throws -> ObjectChange {
        guard let provider = try await context.aws.findOpenIDConnectProvider(arn) else {
            let change = ObjectChange(id, .create, audiences.map { .add("client id", $0) })
            if !context.isDryRun {
                try await context.aws.createOpenIDConnectProvider(
                    arn,
                    clientIDs: audiences,
                    tags: [OwnershipMark.tagKey: OwnershipMark.value]
                )
            }
            return change
        }
        let missing = audiences.filter { !provider.clientIDs.contains($0) }
        let change = ObjectChange.existing(id, missing.map { .add("client id", $0) })
        if !context.isDryRun {
            for audience in missing { try await context.aws.addClientID(audience, to: arn) }
        }
        return change
    }

    func remove(_ context: SetupContext) async throws -> ObjectChange {
        guard let provider = try await context.aws.findOpenIDConnectProvider(arn) else {
            return .existing(id, [])
        }
        guard provider.tags[OwnershipMark.tagKey] == OwnershipMark.value else {
            return ObjectChange(id, .leave, [.note("gtokenctl did not make it")])
        }
        let roles = try await context.aws.listRoles().filter { $0.trustPolicyText.contains("\(arn)") }
        let others = roles.filter { !context.facts.isRemoved($0.arn) }
        guard others.isEmpty else {
            let names = others.prefix(3).map(\.arn.roleName).joined(separator: ", ")
            return ObjectChange(id, .leave, [.note("roles trust it: \(names)")])
        }
        if !context.isDryRun { try await context.aws.deleteOpenIDConnectProvider(arn) }
        return ObjectChange(id, .delete)
    }
}
