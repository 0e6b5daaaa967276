import GTokenAdminClients
import GTokenClients
import GTokenCore

/// Who may use a Google service account: exactly those ServiceAccounts, on exactly that account.
struct GoogleBindingsObject: SetupObject {
    let email: GoogleServiceAccountEmail
    /// The ServiceAccounts that act as it.
    let members: [WorkloadPoolMember]
    /// Whether it makes ID tokens for itself.
    let makesOwnTokens: Bool

    var id: ObjectID { ObjectID(.googleBindings, "\(email)") }
    var needs: [ObjectID] { [ObjectID(.googleAccount, "\(email)")] }

    /// Lets a ServiceAccount act as the account.
    static let podRole = "roles/iam.workloadIdentityUser"
    /// Lets the account make ID tokens of itself.
    static let ownRole = "roles/iam.serviceAccountOpenIdTokenCreator"

    private struct Grant: Sendable, Hashable {
        var role: String
        var member: String
    }

    private var pods: [Grant] { members.map { Grant(role: Self.podRole, member: "\($0)") } }
    private var own: Grant { Grant(role: Self.ownRole, member: "serviceAccount:\(email)") }
    private var grants: [Grant] { pods + (makesOwnTokens ? [own] : []) }

    func reconcile(_ context: SetupContext) async throws -> ObjectChange {
        let isThere = context.facts.uniqueID(of: email) != nil
        let missing = isThere ? try await missing(context) : grants
        let change = ObjectChange.existing(id, missing.map { .add($0.role, $0.member) })
        guard change.isChange, !context.isDryRun else { return change }
        let grants = grants
        // Made a moment ago, it may not be known everywhere yet.
        _ = try await context.google.changePolicy(of: email, isNew: true) { policy in
            grants.reduce(policy) { $0.granting($1.role, to: $1.member) }
        }
        return change
    }

    private func missing(_ context: SetupContext) async throws -> [Grant] {
        let policy = try await context.google.policy(of: email, isNew: !context.isDryRun)
        return grants.filter { !policy.grants($0.role, to: $0.member) }
    }

    func remove(_ context: SetupContext) async throws -> ObjectChange {
        guard try await context.google.serviceAccount(email) != nil else { return .existing(id, []) }
        let policy = try await context.google.policy(of: email)
        // What it grants itself goes with the last who acts as it: Pods of another binding may live by it.
        let pods = pods
        let others = policy.bindings.filter { $0.role == Self.podRole }.flatMap(\.members)
            .filter { other in !pods.contains { $0.member == other } }
        let unique = (pods + (others.isEmpty ? [own] : [])).filter { policy.grants($0.role, to: $0.member) }
        let change = ObjectChange.existing(id, unique.map { .remove($0.role, $0.member) })
        guard change.isChange, !context.isDryRun else { return change }
        _ = try await context.google.changePolicy(of: email) { policy in
            unique.reduce(policy) { $0.revoking($1.role, from: $1.member) }
        }
        return change
    }
}
