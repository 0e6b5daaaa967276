import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// The webhook's pair in the Secret of a cluster, and its authority in `caBundle`.
struct StaticCertificates: Sendable {
    private let kubectl: Kubectl
    private let namespace: String
    private let names: WebhookNames

    init(_ kubectl: Kubectl, namespace: String, names: WebhookNames = .standard) {
        (self.kubectl, self.namespace, self.names) = (kubectl, namespace, names)
    }

    private var host: String { names.host(in: namespace) }

    /// What came of it.
    struct Outcome: Sendable {
        var pair: StaticPair
        var isNew: Bool
        /// Why a new one was made, or until when the old one is good.
        var reason: String
    }

    /// Makes a pair unless the one that is there is good.
    ///
    /// The authority of a new pair is trusted, beside the one before, ahead of the pair's being there: replicas change over one by
    /// one.
    func ensure(validFor life: Duration, renews: Bool = false) async throws -> Outcome {
        let found = try await stored()
        let now = LoopClock(kubectl.loop).now()
        var reason = "there was none"
        if let found {
            switch found.state(for: host, at: now) {
            case .good(let end) where !renews:
                return Outcome(pair: found, isNew: false, reason: "it is good until \(end.rfc3339)")
            case .good(let end): reason = "asked for; the one before was good until \(end.rfc3339)"
            case .poor(let why): reason = why
            }
        }
        let pair = try StaticPair.make(for: host, validFor: life)
        try await trust(pair)
        try await kubectl.apply([secret(pair)])
        return Outcome(pair: pair, isNew: true, reason: reason)
    }

    /// The pair of the Secret; `nil` where there is none.
    ///
    /// - Throws: `ToolError` for a Secret that somebody else keeps.
    private func stored() async throws -> StaticPair? {
        let name = "\(namespace)/\(names.certificates)"
        guard
            let secret = try await kubectl.find([
                "secret", names.certificates, "--namespace=\(namespace)",
            ])
        else { return nil }
        if secret["metadata"]?["annotations"]?["cert-manager.io/certificate-name"] != nil {
            throw ToolError(
                "the Secret \(name) is cert-manager's",
                hint: "it renews it; to do without cert-manager, delete its Certificate and the Secret first",
                exitCode: .configuration
            )
        }
        func bytes(_ file: String) -> [UInt8] {
            secret["data"]?[file]?.string().flatMap { Base64.decode($0) } ?? []
        }
        var pair = StaticPair(
            authorityPEM: bytes(StaticPair.File.authority),
            certificatePEM: bytes(StaticPair.File.certificate),
            privateKeyPEM: bytes(StaticPair.File.key)
        )
        // Of a pair that was made by hand, caBundle alone may know the authority.
        if pair.authorityPEM.isEmpty {
            pair.authorityPEM = try await registered()?.webhooks.trustedByAll.flatMap(\.pem) ?? []
        }
        return pair
    }

    private func secret(_ pair: StaticPair) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { secret in
            secret.member("apiVersion", "v1")
            secret.member("kind", "Secret")
            secret.member("metadata") { metadata in
                metadata.object { metadata in
                    metadata.member("name", names.certificates)
                    metadata.member("namespace", namespace)
                    metadata.member("labels") { labels in
                        labels.object { labels in
                            for (key, value) in WebhookLabels.all.sorted(by: { $0.key < $1.key }) {
                                labels.member(key, value)
                            }
                        }
                    }
                }
            }
            secret.member("type", "Opaque")
            secret.member("data") { data in
                data.object { data in
                    data.member(StaticPair.File.authority, Base64.encode(pair.authorityPEM))
                    data.member(StaticPair.File.certificate, Base64.encode(pair.certificatePEM))
                    data.member(StaticPair.File.key, Base64.encode(pair.privateKeyPEM))
                }
            }
        }
        return writer.bytes
    }

    // MARK: caBundle

    /// Whether there is a registration that calls our Service.
    func isRegistered() async throws(KubectlError) -> Bool { try await registered() != nil }

    private func registered() async throws(KubectlError) -> (name: String, webhooks: RegisteredWebhooks)? {
        let found = try await kubectl.find([
            KubernetesObjectReference.Kind.mutatingWebhookConfiguration.argument, names.configuration,
        ])
        guard let found else { return nil }
        let webhooks = RegisteredWebhooks(found, callingService: names.service, in: namespace)
        return webhooks.entries.isEmpty ? nil : (names.configuration, webhooks)
    }

    /// How often a change is tried that somebody else's comes in the way of.
    private static let attempts = 5
    /// How many authorities stay trusted that are not the latest.
    private static let maxFormerAuthorities = 4

    /// What API servers are to trust for a pair: its authority, and what they trusted before that is still valid.
    func anchors(toTrust pair: StaticPair) async throws -> [TrustAnchor] {
        try anchors(toTrust: pair, besides: await registered()?.webhooks)
    }

    /// Nobody has the key of an authority of ours any more: to trust a few that came before costs nothing.
    private func anchors(
        toTrust pair: StaticPair,
        besides webhooks: RegisteredWebhooks?
    ) throws(CryptographyError) -> [TrustAnchor] {
        let wanted = try TrustAnchor.read(pair.authorityPEM)
        let now = LoopClock(kubectl.loop).now()
        let before = webhooks?.trustedByAny.filter { $0.facts.notAfter > now && !wanted.contains($0) } ?? []
        return wanted + before.prefix(Self.maxFormerAuthorities)
    }

    /// Makes API servers trust a pair's authority, beside what they trusted before and is still valid.
    ///
    /// - Returns: whether there was a registration, and `caBundle` was changed.
    @discardableResult
    func trust(_ pair: StaticPair) async throws -> Bool {
        for attempt in 1...Self.attempts {
            guard let (name, webhooks) = try await registered() else { return false }
            let anchors = try anchors(toTrust: pair, besides: webhooks)
            if webhooks.entries.allSatisfy({ $0.trustsExactly(anchors) }) { return false }
            do throws(KubectlError) {
                let kind = KubernetesObjectReference.Kind.mutatingWebhookConfiguration.argument
                let patch = String(decoding: webhooks.patch(toTrust: anchors).encoded, as: UTF8.self)
                try await kubectl.run(["patch", kind, name, "--type=json", "--patch=\(patch)"])
                return true
            } catch {
                // Somebody has changed it meanwhile.
                guard attempt < Self.attempts, error.isInvalid else { throw error }
            }
        }
        return false
    }
}

extension KubectlError {
    /// Whether a patch does not fit the object as it is.
    fileprivate var isInvalid: Bool {
        switch self {
        case .refused("Invalid", _), .refused("Conflict", _): true
        case .failed(let text): text.contains("the server rejected our request")
        default: false
        }
    }
}
