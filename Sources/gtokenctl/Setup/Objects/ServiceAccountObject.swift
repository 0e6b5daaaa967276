import GTokenClients
import GTokenCore

/// A Kubernetes ServiceAccount with the annotations that the webhook and GKE read.
struct ServiceAccountObject: SetupObject {
    let binding: Binding

    private var reference: KubernetesObjectReference { .serviceAccount(binding.serviceAccount) }
    var id: ObjectID { ObjectID(.serviceAccount, "\(binding.serviceAccount)") }

    /// A Pod that starts as soon as it is annotated finds all else in place.
    var needs: [ObjectID] {
        [ObjectID(.namespace, binding.serviceAccount.namespace), ObjectID(.awsRole, "\(binding.role.name)")]
            + (binding.googleServiceAccount.map { [ObjectID(.googleBindings, "\($0)")] } ?? [])
    }

    func reconcile(_ context: SetupContext) async throws -> ObjectChange {
        let wanted = try annotations(context)
        guard let state = try await context.kubernetes.state(of: reference) else {
            if !context.isDryRun { try await context.kubernetes.create(reference, annotations: wanted) }
            return ObjectChange(id, .create, wanted.sorted { $0.key < $1.key }.map { .add($0.key, $0.value) })
        }
        var changes: [String: String?] = [:]
        var details: [ObjectChange.Detail] = []
        for (key, value) in wanted.sorted(by: { $0.key < $1.key }) where state.annotations[key] != value {
            changes[key] = value
            details.append(
                state.annotations[key].map { .change(key, from: $0, to: value) } ?? .add(key, value)
            )
        }
        for key in ourKeys(context) where wanted[key] == nil {
            guard let value = state.annotations[key] else { continue }
            changes.updateValue(nil, forKey: key)
            details.append(.remove(key, value))
        }
        if !changes.isEmpty, !context.isDryRun { try await context.kubernetes.annotate(reference, changes) }
        return .existing(id, details)
    }

    func remove(_ context: SetupContext) async throws -> ObjectChange {
        guard let state = try await context.kubernetes.state(of: reference) else { return .existing(id, []) }
        if state.isOurs {
            if !context.isDryRun { try await context.kubernetes.delete(reference) }
            return ObjectChange(id, .delete)
        }
        // Somebody else's: what we wrote on it goes.
        let present = ourKeys(context).filter { state.annotations[$0] != nil }
        var changes: [String: String?] = [:]
        for key in present { changes.updateValue(nil, forKey: key) }
        if !present.isEmpty, !context.isDryRun { try await context.kubernetes.annotate(reference, changes) }
        let details = present.map { ObjectChange.Detail.remove($0, state.annotations[$0] ?? "") }
        return details.isEmpty
            ? ObjectChange(id, .leave, [.note("gtokenctl did not make it")]) : .existing(id, details)
    }

    private func annotations(_ context: SetupContext) throws -> [String: String] {
        let role = try binding.role.name.arn(
            partition: context.account.partition,
            accountID: context.account.id
        )
        return binding.annotations(role: role, prefix: context.settings.annotationPrefix)
    }

    /// Every annotation that a binding may write.
    private func ourKeys(_ context: SetupContext) -> [String] {
        let names = [
            "role-arn", "identity", "audience", "region", "sts-regional-endpoints", "session-name",
            "token-expiration",
        ]
        let keys = names.map { context.settings.annotationPrefix + $0 }
        return binding.identity == .google ? keys + [RoleAnnotations.googleServiceAccountKey] : keys
    }
}
