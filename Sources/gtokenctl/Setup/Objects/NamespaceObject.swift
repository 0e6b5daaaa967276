import GTokenCore

/// A namespace.
struct NamespaceObject: SetupObject {
    let name: String

    var id: ObjectID { ObjectID(.namespace, name) }
    var needs: [ObjectID] { [] }
    private var reference: KubernetesObjectReference { .namespace(name) }

    func reconcile(_ context: SetupContext) async throws -> ObjectChange {
        if try await context.kubernetes.state(of: reference) != nil { return .existing(id, []) }
        if !context.isDryRun {
            try await context.kubernetes.create(reference, annotations: [:])
        }
        return ObjectChange(id, .create)
    }

    func remove(_ context: SetupContext) async throws -> ObjectChange {
        guard let state = try await context.kubernetes.state(of: reference) else { return .existing(id, []) }
        guard state.isOurs else { return ObjectChange(id, .leave, [.note("gtokenctl did not make it")]) }
        // With a namespace goes all that is in it.
        let others = try await context.kubernetes.contents(of: name)
        guard others.isEmpty else {
            return ObjectChange(
                id,
                .leave,
                [.note("it is in use: \(others.prefix(3).joined(separator: ", "))")]
            )
        }
        if !context.isDryRun { try await context.kubernetes.delete(reference) }
        return ObjectChange(id, .delete)
    }
}
