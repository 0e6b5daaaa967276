import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// What the work on each object needs: the clients, how it is meant, and what has been found out on the way.
struct SetupContext: Sendable {
    /// Google's service accounts.
    let google: GoogleIAMClient
    /// Google's clusters.
    let clusters: GKEClient
    /// AWS's roles.
    let aws: IAMClient
    /// The AWS account that the work is done in.
    let account: AWSAccount
    /// The cluster's objects.
    let kubernetes: KubernetesObjects
    /// Whether nothing is changed.
    let isDryRun: Bool
    /// What is meant beyond the bindings.
    let settings: Settings
    /// What is known by now.
    let facts = SetupFacts()

    /// What is meant beyond the bindings.
    struct Settings: Sendable {
        var annotationPrefix: String
        var adopts: Bool
        var enablesWorkloadIdentity: Bool
    }

    /// An AWS account.
    struct AWSAccount: Sendable, Equatable {
        var partition: String
        var id: String

        init(partition: String, id: String) { (self.partition, self.id) = (partition, id) }

        /// Whose credentials these are.
        init(_ caller: CallerIdentity) {
            let parts = caller.arn.split(separator: ":", omittingEmptySubsequences: false)
            partition = parts.count > 1 ? String(parts[1]) : "aws"
            id = caller.accountID
        }
    }
}

/// What the work on one object finds out for that on others.
final class SetupFacts: Sendable {
    private struct State {
        var uniqueIDs: [GoogleServiceAccountEmail: GoogleUniqueID] = [:]
        var removedRoles: Set<RoleARN> = []
    }

    private let state = Locked(State())

    /// The unique id of an account; `nil` while it is not there, as in a plan.
    func uniqueID(of email: GoogleServiceAccountEmail) -> GoogleUniqueID? {
        state.withLock { $0.uniqueIDs[email] }
    }

    /// Whether a role is gone, or in a plan will be.
    func isRemoved(_ role: RoleARN) -> Bool { state.withLock { $0.removedRoles.contains(role) } }

    func noteRemoved(_ role: RoleARN) { state.withLock { _ = $0.removedRoles.insert(role) } }

    func note(_ account: GoogleServiceAccount) {
        state.withLock { $0.uniqueIDs[account.email] = account.uniqueID }
    }
}

/// Something that bindings need, and how it is made, mended and removed.
protocol SetupObject: Sendable {
    /// What it is.
    var id: ObjectID { get }
    /// What has to be there before it; it is removed before that.
    var needs: [ObjectID] { get }

    /// Makes it as it should be, or in a dry run says what that would take.
    func reconcile(_ context: SetupContext) async throws -> ObjectChange

    /// Removes it where it is ours and nobody else needs it, or in a dry run says so.
    func remove(_ context: SetupContext) async throws -> ObjectChange
}

/// Why an object cannot be made as it should be, though every service answered.
struct SetupError: Error, Equatable, CustomStringConvertible {
    let description: String
    let hint: String?

    init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }
}
