import GTokenCore
import GTokenRuntime

/// What of a webhook is removed from a cluster, and in which order.
struct UninstallPlan: Sendable {
    /// First: API servers ask nobody any more.
    let registrations: [KubernetesObjectReference]
    /// Then what runs, then the rights of its account, then the rest.
    let objects: [KubernetesObjectReference]
    /// Last, where nothing else is in it.
    let namespace: KubernetesObjectReference?
    /// All of it, and what stays.
    let changes: [ObjectChange]

    /// Looks at a cluster.
    init(namespace: String, _ kubectl: Kubectl) async throws {
        let secrets = [
            WebhookNames.authority, WebhookNames.standard.certificates, WebhookNames.bridge.certificates,
            "gtoken-webhook-cert-manager-ca",
        ]
        .map {
            KubernetesObjectReference(.secret, namespace: namespace, $0)
        }
        let known =
            try WebhookManifests.allReferences(in: namespace) + secrets
            + (try await kubectl.settings(in: namespace))
        let found = try await kubectl.getAll(known, isPatientWithKinds: true)
        let there = known.filter { found[$0] != nil }
        let ours = there.filter { found[$0].map(Self.isOurs) ?? false }
        let home = KubernetesObjectReference.namespace(namespace)
        registrations = ours.filter { $0.kind == .mutatingWebhookConfiguration }
        objects = ours.filter { $0.kind != .mutatingWebhookConfiguration && $0 != home }
            .enumerated().sorted { one, other in
                // What is applied last goes first, unless something is in the way.
                (Self.rank(one.element), -one.offset) < (Self.rank(other.element), -other.offset)
            }
            .map(\.element)
        var changes = (registrations + objects).map { ObjectChange(ObjectID($0), .delete) }
        changes += there.filter { !ours.contains($0) }.map {
            ObjectChange(ObjectID($0), .leave, [.note("it does not carry the webhook's labels")])
        }
        if ours.contains(home) {
            let others = try await kubectl.contents(of: namespace, besides: Set(objects))
            self.namespace = others.isEmpty ? home : nil
            changes.append(
                others.isEmpty
                    ? ObjectChange(ObjectID(home), .delete)
                    : ObjectChange(
                        ObjectID(home),
                        .leave,
                        [.note("it is in use: \(others.prefix(3).joined(separator: ", "))")]
                    )
            )
        } else {
            self.namespace = nil
        }
        self.changes = changes
    }

    /// Does it.
    func run(_ kubectl: Kubectl, report: (KubernetesObjectReference) -> Void) async throws(KubectlError) {
        for step in [registrations, objects, namespace.map { [$0] } ?? []] {
            try await kubectl.delete(step)
            step.forEach(report)
        }
    }

    /// Whether an object came with the webhook: by its labels, or because cert-manager made it for the webhook's Certificates.
    private static func isOurs(_ object: JSONValue) -> Bool {
        let certificate = object["metadata"]?["annotations"]?["cert-manager.io/certificate-name"]?.string()
        return WebhookLabels.are(on: object) || certificate?.hasPrefix("gtoken-webhook-") ?? false
    }

    /// A policy that limits an account outlives the account's rights.
    private static func rank(_ reference: KubernetesObjectReference) -> Int {
        if reference.kind == .deployment { return 0 }
        return reference.kind.group == "rbac.authorization.k8s.io" && reference.kind.name.hasSuffix("Binding")
            ? 1 : 2
    }
}

extension Kubectl {
    /// What is in a namespace besides these objects, what they made, and what each namespace has.
    fileprivate func contents(
        of namespace: String,
        besides known: Set<KubernetesObjectReference>
    ) async throws(KubectlError) -> [String] {
        let objects = try await list([
            "deployments,statefulsets,daemonsets,jobs,pods,services,serviceaccounts,secrets,configmaps",
            "--namespace=\(namespace)",
        ])
        let standard = ["ServiceAccount default", "ConfigMap kube-root-ca.crt"]
        return objects.compactMap { object in
            guard let reference = KubernetesObjectReference(of: object), !known.contains(reference) else {
                return nil
            }
            let name = "\(reference.kind.name) \(reference.name)"
            let isPodOfOurs = reference.kind.name == "Pod" && WebhookLabels.are(on: object)
            return isPodOfOurs || standard.contains(name) ? nil : name
        }
    }
}
