import GTokenCore
import GTokenRuntime

/// A webhook as it is installed in a cluster, ours or the Go project's.
struct Installation: Sendable {
    /// The registration that API servers follow.
    let registration: InstalledWebhook
    /// Whether the registration carries our labels; without them it is the Go project's.
    let isOurs: Bool
    /// Whether cert-manager writes caBundle.
    let isCertManagers: Bool
    /// The namespace of the Service that is asked.
    let namespace: String
    /// What runs there; `nil` where nothing does.
    let deployment: JSONValue?
    /// What the webhook finds in its environment, of the ConfigMap with its settings.
    let environment: [String: String]

    /// Finds it by its registration; `nil` where there is none.
    static func find(_ kubectl: Kubectl) async throws(KubectlError) -> Installation? {
        let configurations = try await kubectl.list(["mutatingwebhookconfigurations"])
        let standard = configurations.filter {
            $0["metadata"]?["name"]?.isString(WebhookNames.standard.configuration) ?? false
        }
        guard let registration = InstalledWebhook(among: standard) ?? InstalledWebhook(among: configurations),
            let object = configurations.first(where: {
                $0["metadata"]?["name"]?.isString(registration.configuration) ?? false
            })
        else { return nil }
        let namespace = registration.service?.namespace ?? InstallConfiguration.standardNamespace
        let deployment = try await kubectl.find([
            KubernetesObjectReference.Kind.deployment.argument, WebhookNames.standard.deployment,
            "--namespace=\(namespace)",
        ])
        var environment: [String: String] = [:]
        let container = deployment?["spec"]?["template"]?["spec"]?["containers"]?.elements.first { _ in true }
        let map = container?["envFrom"]?.elements.lazy.compactMap { $0["configMapRef"]?["name"]?.string() }
            .first { $0.hasPrefix(WebhookNames.standard.settings) }
        if let map {
            environment =
                try await kubectl.find(["configmap", map, "--namespace=\(namespace)"])?["data"]?.texts ?? [:]
        }
        return Installation(
            registration: registration,
            isOurs: WebhookLabels.are(on: object),
            isCertManagers: object["metadata"]?["annotations"]?["cert-manager.io/inject-ca-from"] != nil,
            namespace: namespace,
            deployment: deployment,
            environment: environment
        )
    }

    /// The container of the webhook.
    private var container: JSONValue? {
        deployment?["spec"]?["template"]?["spec"]?["containers"]?.elements.first { _ in true }
    }

    /// The command line of the webhook.
    var arguments: [String] { container?["args"]?.elements.compactMap { $0.string() } ?? [] }

    var webhookImage: String? { container?["image"]?.string() }
    var tokenImage: String? { environment["GTOKEN_IMAGE"] }
    var replicas: Int? { deployment?["spec"]?["replicas"]?.integer().map { Int($0) } }

    var failurePolicy: InstallConfiguration.FailurePolicy? {
        registration.webhooks.first?["failurePolicy"]?.string()
            .flatMap(InstallConfiguration.FailurePolicy.init(rawValue:))
    }

    /// Where its certificate comes from.
    var certificates: InstallConfiguration.Certificates {
        if isCertManagers { return .certManager }
        return arguments.contains("--tls-self-managed") ? .selfManaged : .staticFiles
    }

    /// Whether replicas with these settings cannot take its place one by one, while it serves.
    func needsBridge(to settings: WebhookSettings) -> Bool {
        !isOurs || isReady && certificates != settings.certificates
    }

    /// Whether all that were asked for are ready.
    var isReady: Bool {
        let ready = deployment?["status"]?["readyReplicas"]?.integer() ?? 0
        return ready > 0 && ready >= Int64(replicas ?? 1)
    }
}
