import GTokenCore
import GTokenRuntime

/// What an installation changes in a cluster, as the API server itself sees it.
struct InstallPlan: Sendable {
    let manifests: [Manifest]
    /// What differs, in the order in which it is applied; what goes comes last.
    let changes: [ObjectChange]
    /// What an earlier installation made, and this one does not need.
    let stale: [KubernetesObjectReference]

    /// Asks a cluster; nothing is changed.
    init(_ settings: WebhookSettings, _ kubectl: Kubectl) async throws {
        manifests = try WebhookManifests(settings).objects()
        let references = manifests.map(\.reference)
        let live = try await kubectl.getAll(references)
        let there = manifests.filter { live[$0.reference] != nil }
        let merged = try await kubectl.apply(there.map(\.bytes), isDryRun: true)
        var changes = manifests.map { manifest -> ObjectChange in
            let id = ObjectID(manifest.reference)
            guard let before = live[manifest.reference] else { return ObjectChange(id, .create) }
            let after = merged[manifest.reference] ?? before
            return .existing(id, ObjectDifference.details(from: before, to: after))
        }
        stale = try await Self.stale(settings, kubectl, besides: Set(references))
        changes += stale.map { ObjectChange(ObjectID($0), .delete) }
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
            guard let name = map["metadata"]?["name"]?.string(), name.hasPrefix(WebhookNames.settings + "-")
            else {
                return nil
            }
            return KubernetesObjectReference(.configMap, namespace: namespace, name)
        }
    }
}

extension KubernetesObjectReference.Kind {
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
