import GTokenAdminClients
import GTokenClients
import GTokenCore

/// A Google service account.
struct GoogleAccountObject: SetupObject {
    let email: GoogleServiceAccountEmail
    /// Whose Pods act as it.
    let users: [KubernetesServiceAccountName]

    var id: ObjectID { ObjectID(.googleAccount, "\(email)") }
    var needs: [ObjectID] { [] }

    func reconcile(_ context: SetupContext) async throws -> ObjectChange {
        if let account = try await context.google.serviceAccount(email) {
            context.facts.note(account)
            guard !account.isDisabled else {
                throw SetupError(
                    "the service account is disabled",
                    hint: "gcloud iam service-accounts enable \(email)"
                )
            }
            return .existing(id, [])
        }
        let change = ObjectChange(id, .create, [.add("description", description)])
        guard let project = email.project else {
            throw SetupError(
                "there is no such service account, and its address names no project to make it in"
            )
        }
        if context.isDryRun { return change }
        let made = try await context.google.createServiceAccount(
            name: email.name,
            in: project,
            displayName: displayName,
            description: description
        )
        // What is read next is read by others, who may not see it yet.
        guard let account = try await context.google.settledServiceAccount(email) else {
            throw SetupError(
                "the service account was made, but Google does not show it yet",
                hint: "run it again"
            )
        }
        context.facts.note(account)
        if case .existed = made { return .existing(id, []) }
        return change
    }

    func remove(_ context: SetupContext) async throws -> ObjectChange {
        guard let account = try await context.google.serviceAccount(email) else { return .existing(id, []) }
        guard account.description.hasSuffix(Self.mark) else {
            return ObjectChange(id, .leave, [.note("gtokenctl did not make it")])
        }
        let others = try await context.google.policy(of: email).bindings.flatMap { binding in
            binding.members.filter { !ownMembers.contains($0) }
        }
        guard others.isEmpty else {
            return ObjectChange(
                id,
                .leave,
                [.note("others use it: \(others.prefix(3).joined(separator: ", "))")]
            )
        }
        let change = ObjectChange(id, .delete)
        if !context.isDryRun { _ = try await context.google.deleteServiceAccount(email) }
        return change
    }

    /// Whom the bindings that are removed let use it, and it itself.
    private var ownMembers: Set<String> {
        let pods = users.flatMap { user in
            email.project.map { ["\(WorkloadPoolMember(project: $0, serviceAccount: user))"] } ?? []
        }
        return Set(pods + ["serviceAccount:\(email)"])
    }

    var displayName: String { "Pods of \(users.first.map { "\($0)" } ?? email.name)" }

    /// At most 256 bytes, of which two names take up to 64 each.
    var description: String {
        let names = users.map { "\($0)" }.joined(separator: ", ")
        let text = "AWS role of Pods of \(names)"
        return String(text.prefix(200)) + " " + Self.mark
    }

    private static let mark = "(\(OwnershipMark.value))"
}
