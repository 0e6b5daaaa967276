import GTokenCore
import GTokenRuntime

extension WebhookSettings {
    /// What was given, and for the rest what is installed; the Go project's settings are not ours.
    ///
    /// Images that are installed and not given get the tag, where there is one.
    ///
    /// - Throws: `ToolError` where no image is known, or the webhook is in another namespace.
    init(
        _ given: InstallConfiguration,
        installed: Installation?,
        tag: String? = nil
    ) throws(ToolError) {
        let ours = installed.flatMap { $0.isOurs ? $0 : nil }
        if let ours, let namespace = given.namespace, namespace != ours.namespace {
            throw ToolError(
                "the webhook is installed in the namespace \(ours.namespace), not in \(namespace)",
                hint: "one cluster has one: gtokenctl uninstall removes it there",
                exitCode: .configuration
            )
        }
        namespace = given.namespace ?? ours?.namespace ?? InstallConfiguration.standardNamespace
        let newTag = given.tag ?? tag
        func image(_ named: String?, _ name: String, _ installed: String?) throws(ToolError) -> String {
            if let named { return named }
            if let registry = given.registry {
                return "\(registry.trimmingSlashes)/\(name):\(given.tag ?? buildVersion)"
            }
            guard let installed else {
                throw ToolError(
                    "which image of \(name) to install is not known",
                    hint: "name the registry that the cluster pulls from: --registry=REGISTRY --tag=TAG "
                        + "(docs/deploy.md says how the images get there)",
                    exitCode: .usage
                )
            }
            return newTag.map { installed.withTag($0) } ?? installed
        }
        webhookImage = try image(given.webhookImage, "gtoken-webhook", ours?.webhookImage)
        tokenImage = try image(given.tokenImage, "gtoken", ours?.tokenImage)
        certificates = given.certificates ?? ours?.certificates ?? .selfManaged
        replicas = given.replicas ?? ours?.replicas ?? 2
        failurePolicy = given.failurePolicy ?? ours?.failurePolicy ?? .ignore
        environment = (ours?.environment ?? [:]).merging(given.environment) { _, new in new }
        environment["GTOKEN_IMAGE"] = tokenImage
        hasMonitoring = given.hasMonitoring
    }
}

extension String {
    fileprivate var trimmingSlashes: String {
        var text = self[...]
        while text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }

    /// An image's name with another tag, in place of its own and of a digest.
    func withTag(_ tag: String) -> String {
        let name = split(separator: "@").first ?? ""
        let path = name.split(separator: "/", omittingEmptySubsequences: false)
        // A colon before the last slash is a port's.
        let last = path.last?.split(separator: ":").first ?? ""
        return (path.dropLast() + [last]).joined(separator: "/") + ":" + tag
    }
}
