import GTokenCore
import GTokenRuntime

/// What an installation changes in a cluster, as the API server itself sees it.
struct InstallPlan: Sendable {
    let manifests: [Manifest]
    /// What differs, in the order in which it is applied; what goes comes last.
    let changes: [ObjectChange]
    /// What an earlier installation made, and this one does not need.
    let stale: [KubernetesObjectReference]
    /// What of a bridge an interrupted run left.
    let bridge: [KubernetesObjectReference]
    /// What has the name of an object of ours, and is to go before it is made: the Go project's.
    let replaced: [KubernetesObjectReference]

    /// Asks a cluster; nothing is changed.
    ///
    /// With `replaces`, objects that do not carry our labels are made anew where what is left of them would be in the way.
    init(_ settings: WebhookSettings, _ kubectl: Kubectl, replaces: Bool = false) async throws {
        manifests = try WebhookManifests(settings).objects()
        let references = manifests.map(\.reference)
        let live = try await kubectl.getAll(references)
        let replaced = references.filter {
            replaces && $0.kind.isReplaced && live[$0].map { !WebhookLabels.are(on: $0) } ?? false
        }
        let merged = try await kubectl.apply(
            manifests.filter { live[$0.reference] != nil && !replaced.contains($0.reference) }.map(\.bytes),
            isDryRun: true
        )
        var changes = manifests.map { manifest -> ObjectChange in
            let id = ObjectID(manifest.reference)
            guard let before = live[manifest.reference] else { return ObjectChange(id, .create) }
            if replaced.contains(manifest.reference) {
                let details = ObjectDifference.details(from: before, to: manifest.document.root)
                return ObjectChange(
                    id,
                    .update,
                    [.note("deleted and made anew, while a bridge answers")] + details
                )
            }
            let after = merged[manifest.reference] ?? before
            return .existing(id, ObjectDifference.details(from: before, to: after))
        }
        bridge = try await WebhookBridge.remains(in: settings.namespace, kubectl)
        stale = try await Self.stale(settings, kubectl, besides: Set(references + bridge))
        changes += (bridge + stale).map { ObjectChange(ObjectID($0), .delete) }
        // The registration first: it must not ask what is going.
        self.replaced = replaced.sorted {
            ($0.kind == .mutatingWebhookConfiguration ? 0 : 1, $0.name)
                < ($1.kind == .mutatingWebhookConfiguration ? 0 : 1, $1.name)
        }
        self.changes = changes
    }

    /// Whether anything would change.
    var isChange: Bool { changes.contains(where: \.isChange) }

    private static func stale(
        _ settings: WebhookSettings,
        _ kubectl: Kubectl,
        besides wanted: Set<KubernetesObjectReference>
    ) async throws -> [KubernetesObjectReference] {
        let monitoring = Set(try WebhookManifests.monitoringReferences(in: settings.namespace))
        let candidates = try WebhookManifests.allReferences(in: settings.namespace).filter {
            !wanted.contains($0) && !monitoring.contains($0)
        }
        let found = try await kubectl.getAll(candidates, isPatientWithKinds: true)
        let objects = candidates.filter { found[$0].map(WebhookLabels.are) ?? false }
        let settingsMaps = try await kubectl.settings(in: settings.namespace)
        return objects + settingsMaps.filter { !wanted.contains($0) && !objects.contains($0) }
    }
}

extension WebhookManifests {
    /// The objects of the Prometheus Operator and Grafana.
    static func monitoringReferences(in namespace: String) throws(ToolError) -> [KubernetesObjectReference] {
        var settings = WebhookSettings(namespace: namespace, webhookImage: "image", tokenImage: "image")
        let without = Set(try WebhookManifests(settings).objects().map(\.reference))
        settings.hasMonitoring = true
        return try WebhookManifests(settings).objects().map(\.reference).filter { !without.contains($0) }
    }
}

extension Kubectl {
    /// Objects of any kinds that are there.
    ///
    /// A kind that the cluster does not know is a `ToolError`, or with `isPatientWithKinds` has no objects.
    func getAll(
        _ references: [KubernetesObjectReference],
        isPatientWithKinds: Bool = false
    ) async throws -> [KubernetesObjectReference: JSONValue] {
        var found: [KubernetesObjectReference: JSONValue] = [:]
        // What Kubernetes has itself is read in one go; of other groups any may be missing.
        let groups = Dictionary(grouping: references) { $0.kind.isBuiltIn ? "" : $0.kind.group }
        for (group, references) in groups.sorted(by: { $0.key < $1.key }) {
            do throws(KubectlError) {
                found.merge(try await get(references)) { first, _ in first }
            } catch {
                guard !group.isEmpty, error.isUnknownKind else { throw error }
                if isPatientWithKinds { continue }
                let kinds = Set(references.map(\.kind.name)).sorted().joined(separator: " and ")
                throw ToolError(
                    "the cluster has no \(kinds) of \(group)",
                    hint: group == "cert-manager.io"
                        ? "install cert-manager, or take --certificates=self-managed"
                        : "install the Prometheus Operator, or leave --monitoring out",
                    exitCode: .configuration
                )
            }
        }
        return found
    }

    /// The ConfigMaps with the webhook's settings, of this installation and earlier ones.
    func settings(in namespace: String) async throws(KubectlError) -> [KubernetesObjectReference] {
        let maps = try await list([
            "configmaps", "--namespace=\(namespace)", "--selector=\(WebhookLabels.selector)",
        ])
        return maps.compactMap { map in
            guard let name = map["metadata"]?["name"]?.string(),
                [WebhookNames.standard, .bridge].contains(where: { name.hasPrefix($0.settings + "-") })
            else {
                return nil
            }
            return KubernetesObjectReference(.configMap, namespace: namespace, name)
        }
    }
}

extension KubernetesObjectReference.Kind {
    /// Whether fields that we do not set would change what an object of it does, or it cannot be changed.
    fileprivate var isReplaced: Bool {
        self == .deployment || self == .mutatingWebhookConfiguration || name.hasSuffix("RoleBinding")
    }

    /// Whether each cluster has it.
    fileprivate var isBuiltIn: Bool {
        !group.contains(".") || group.hasSuffix(".k8s.io")
    }
}

extension KubectlError {
    /// Whether the cluster does not know the kind that it was asked about.
    var isUnknownKind: Bool {
        guard case .failed(let text) = self else { return false }
        return text.contains("no matches for kind")
            || text.contains("the server doesn't have a resource type")
    }
}
