import GTokenCore
import GTokenNet
import GTokenRuntime

/// An object to be applied.
struct Manifest: Sendable {
    let reference: KubernetesObjectReference
    let document: JSONDocument

    /// The object's text.
    var bytes: [UInt8] { Array(document.root.rawBytes) }

    /// Reads an object with its kind and name.
    init(_ json: [UInt8]) throws(ToolError) {
        guard let document = try? JSONDocument(json),
            let reference = KubernetesObjectReference(of: document.root)
        else { throw ToolError("an object of deployment/ has no name", exitCode: .bug) }
        (self.reference, self.document) = (reference, document)
    }

    /// The object with changes, which fit it.
    func patched(_ operations: [JSONPatchOperation]) throws(ToolError) -> Manifest {
        let json: [UInt8]
        do throws(JSONPatchError) {
            json = try JSONPatch(operations).applied(to: document)
        } catch {
            throw ToolError("\(reference): \(error)", exitCode: .bug)
        }
        return try Manifest(json)
    }
}

/// The objects of `deployment/`, with settings in them.
struct WebhookManifests {
    let settings: WebhookSettings
    let names: WebhookNames

    init(_ settings: WebhookSettings, names: WebhookNames = .standard) {
        (self.settings, self.names) = (settings, names)
    }

    /// The objects, in the order in which they are applied: the registration comes last.
    func objects() throws(ToolError) -> [Manifest] {
        var texts = Self.overlay(settings.certificates)
        if settings.hasMonitoring { texts += EmbeddedManifests.monitoring }
        var manifests: [Manifest] = []
        for text in texts { manifests.append(try Manifest(filled(text))) }
        let data = Self.merged(
            manifests.first(where: isSettings)?.document.root["data"]?.texts ?? [:],
            settings.environment
        )
        let name = settingsName(data)
        var configured: [Manifest] = []
        for manifest in manifests { configured.append(try configure(manifest, data, settingsName: name)) }
        return configured
    }

    /// Every object that any overlay has, whatever the certificates, and those of a bridge.
    static func allReferences(in namespace: String) throws(ToolError) -> [KubernetesObjectReference] {
        let blank = WebhookSettings(namespace: namespace, webhookImage: "image", tokenImage: "image")
        // Its ConfigMap's name follows from what is in it, which is not known here.
        var all = try WebhookManifests(blank.bridging, names: .bridge).objects().map(\.reference).filter {
            $0.kind != .namespace
        }
        var seen = Set(all)
        for certificates in InstallConfiguration.Certificates.allCases {
            var settings = blank
            settings.certificates = certificates
            settings.hasMonitoring = true
            for reference in try WebhookManifests(settings).objects().map(\.reference)
            where seen.insert(reference).inserted {
                all.append(reference)
            }
        }
        return all
    }

    // MARK: What differs

    private static func overlay(_ certificates: InstallConfiguration.Certificates) -> [String] {
        switch certificates {
        case .selfManaged: EmbeddedManifests.selfManaged
        case .certManager: EmbeddedManifests.certManager
        case .staticFiles: EmbeddedManifests.staticCertificates
        }
    }

    /// Names of namespaces and images are of characters that JSON takes as they are.
    private func filled(_ text: String) -> [UInt8] {
        var filled = text
        let renamed =
            names == .bridge
            ? [
                ("gtoken-webhook-", "gtoken-webhook-bridge-"),
                ("mutating-gtoken-webhook-bridge-cfg", names.configuration),
                (#""app": "gtoken-webhook""#, #""app": "gtoken-webhook-bridge""#),
            ] : []
        for (word, value) in renamed + [
            ("@NAMESPACE@", settings.namespace), ("@WEBHOOK_IMAGE@", settings.webhookImage),
            ("@TOKEN_IMAGE@", settings.tokenImage),
        ] {
            filled = filled.split(separator: word, omittingEmptySubsequences: false).joined(separator: value)
        }
        return Array(filled.utf8)
    }

    private func configure(
        _ manifest: Manifest,
        _ data: [String: String],
        settingsName: String
    ) throws(ToolError) -> Manifest {
        switch manifest.reference.kind {
        case .deployment:
            return try manifest.patched([
                .replace(JSONPointer(["spec", "replicas"]), value: Self.json(settings.replicas)),
                .replace(
                    JSONPointer([
                        "spec", "template", "spec", "containers", "0", "envFrom", "0", "configMapRef", "name",
                    ]),
                    value: Self.json(settingsName)
                ),
            ])
        case .configMap where isSettings(manifest):
            return try manifest.patched([
                .replace(JSONPointer(["metadata", "name"]), value: Self.json(settingsName)),
                .replace(JSONPointer(["data"]), value: Self.json(data)),
            ])
        case .mutatingWebhookConfiguration:
            return try manifest.patched([
                .replace(
                    JSONPointer(["webhooks", "0", "failurePolicy"]),
                    value: Self.json(settings.failurePolicy.rawValue)
                )
            ])
        case .resourceQuota:
            // Those that run, one more in a rollout, and those that are ending.
            let pods = max(10, 2 * settings.replicas + 2)
            return try manifest.patched([
                .replace(JSONPointer(["spec", "hard", "pods"]), value: Self.json("\(pods)"))
            ])
        default: return manifest
        }
    }

    private func isSettings(_ manifest: Manifest) -> Bool {
        manifest.reference.kind == .configMap && manifest.reference.name.hasPrefix(names.settings)
    }

    private static func merged(_ data: [String: String], _ more: [String: String]) -> [String: String] {
        data.merging(more) { _, new in new }
    }

    /// A name that is another where the data is another, so that the Pods are.
    private func settingsName(_ data: [String: String]) -> String {
        let digits = Array("0123456789abcdef")
        let digest = Crypto.sha256(Self.json(data)).prefix(5)
        let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "\(names.settings)-\(String(text))"
    }

    private static func json(_ number: Int) -> [UInt8] { Array("\(number)".utf8) }

    private static func json(_ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(text)
        return writer.bytes
    }

    private static func json(_ texts: [String: String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            for (key, value) in texts.sorted(by: { $0.key < $1.key }) { object.member(key, value) }
        }
        return writer.bytes
    }
}
