import GTokenCore
import GTokenNet
import GTokenRuntime

/// A second webhook, which answers while the first is replaced by another that cannot take its place replica by replica: the Go
/// project's, which listens elsewhere and proves itself otherwise, or one whose certificates come from elsewhere.
///
/// It shares nothing with the first: names, account, Service and registration are its own.
struct WebhookBridge {
    let kubectl: Kubectl
    let settings: WebhookSettings
    let deadline: UnixTime
    let clock: LoopClock
    let report: (String) -> Void

    private static let names = WebhookNames.bridge

    /// Makes it, and waits until it answers: API servers are told when it does.
    func raise() async throws {
        let manifests = try WebhookManifests(settings.bridging, names: Self.names).objects()
        let registration = KubernetesObjectReference.Kind.mutatingWebhookConfiguration
        let (first, last) = (
            manifests.filter { ![registration, .deployment].contains($0.reference.kind) },
            manifests.filter { $0.reference.kind == .deployment }
        )
        report("a second webhook answers while the first is replaced")
        try await kubectl.apply(first.map(\.bytes))
        let certificates = StaticCertificates(kubectl, namespace: settings.namespace, names: Self.names)
        let pair = try await certificates.ensure(validFor: .seconds(30 * 86_400)).pair
        try await kubectl.apply(last.map(\.bytes))
        let rollout = WebhookRollout(
            kubectl: kubectl,
            namespace: settings.namespace,
            deadline: deadline,
            clock: clock,
            name: Self.names.deployment,
            report: { report("waiting for the second webhook: \($0)") }
        )
        _ = try await rollout.wait()
        let bundle = try await certificates.anchors(toTrust: pair).flatMap(\.pem)
        let registrations = try manifests.filter { $0.reference.kind == registration }.map {
            try trusting(bundle, $0)
        }
        try await kubectl.apply(registrations.map(\.bytes))
    }

    /// A registration that is right from its first moment.
    private func trusting(_ bundle: [UInt8], _ manifest: Manifest) throws(ToolError) -> Manifest {
        let count = manifest.document.root["webhooks"]?.elements.count { _ in true } ?? 0
        return try manifest.patched(
            (0..<count).map { index in
                .add(
                    JSONPointer(["webhooks", "\(index)", "clientConfig", "caBundle"]),
                    value: Array("\"\(Base64.encode(bundle))\"".utf8)
                )
            }
        )
    }

    /// What there is of it, the registration first.
    static func remains(in namespace: String, _ kubectl: Kubectl) async throws -> [KubernetesObjectReference]
    {
        let blank = WebhookSettings(namespace: namespace, webhookImage: "image", tokenImage: "image")
        let known =
            try WebhookManifests(blank.bridging, names: names).objects().map(\.reference)
            + [KubernetesObjectReference(.secret, namespace: namespace, names.certificates)]
            + (try await kubectl.settings(in: namespace)).filter { $0.name.hasPrefix(names.settings) }
        let found = try await kubectl.getAll(known)
        let there = known.filter { found[$0].map(WebhookLabels.are) ?? false && $0.kind != .namespace }
        return there.filter { $0.kind == .mutatingWebhookConfiguration }
            + there.filter { $0.kind != .mutatingWebhookConfiguration }.reversed()
    }
}
