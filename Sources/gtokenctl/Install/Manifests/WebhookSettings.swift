import GTokenCore

/// How the webhook's objects are to be.
struct WebhookSettings: Sendable, Equatable {
    var namespace: String
    var webhookImage: String
    /// What the webhook injects.
    var tokenImage: String
    var certificates = InstallConfiguration.Certificates.selfManaged
    var replicas = 2
    /// What happens to Pods outside namespaces that require the webhook.
    var failurePolicy = InstallConfiguration.FailurePolicy.ignore
    /// Environment variables of the webhook, beside those of `deployment/`.
    var environment: [String: String] = [:]
    var hasMonitoring = false
}

extension WebhookSettings {
    /// The same for a webhook that answers while another is replaced: with a certificate that needs nobody.
    var bridging: WebhookSettings {
        var settings = self
        settings.certificates = .staticFiles
        settings.failurePolicy = .ignore
        settings.hasMonitoring = false
        settings.environment["GTOKEN_WEBHOOK_TLS_SERVICE_NAME"] = WebhookNames.bridge.service
        settings.environment["GTOKEN_WEBHOOK_CONFIGURATION"] = WebhookNames.bridge.configuration
        return settings
    }
}

/// What the objects of a webhook are called.
struct WebhookNames: Sendable, Equatable {
    let deployment: String
    let service: String
    let configuration: String
    /// The Secret with the pair of `gtokenctl certs`.
    let certificates: String
    /// What the ConfigMap's name begins with; the rest follows from what is in it.
    let settings: String

    /// As in every overlay and in the Go project.
    static let standard = WebhookNames(
        deployment: "gtoken-webhook-deployment",
        service: "gtoken-webhook-svc",
        configuration: "mutating-gtoken-webhook-cfg",
        certificates: "gtoken-webhook-certs",
        settings: "gtoken-webhook-config"
    )
    /// Of the webhook that answers while another is replaced.
    ///
    /// API servers ask webhooks in the order of their registrations' names: this one comes after the other, which may be the Go
    /// project's and injects a second time what was injected before.
    static let bridge = WebhookNames(
        deployment: "gtoken-webhook-bridge-deployment",
        service: "gtoken-webhook-bridge-svc",
        configuration: "mutating-gtoken-webhook-cfg-bridge",
        certificates: "gtoken-webhook-bridge-certs",
        settings: "gtoken-webhook-bridge-config"
    )

    /// The Secret in which a self-managed webhook keeps its authority.
    static let authority = "gtoken-webhook-ca"

    /// The name that API servers call the Service by.
    func host(in namespace: String) -> String { "\(service).\(namespace).svc" }
}

/// The labels of the objects of `deployment/`.
enum WebhookLabels {
    private static let nameKey = "app.kubernetes.io/name"
    private static let componentKey = "app.kubernetes.io/component"

    /// Of all but what is for monitoring.
    static let all = [componentKey: "webhook", nameKey: "gtoken"]
    /// As `kubectl get --selector` has it.
    static let selector = all.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")

    /// Whether an object is one of `deployment/`, or was made by what runs there.
    static func are(on object: JSONValue) -> Bool {
        let labels = object["metadata"]?["labels"]
        return labels?[nameKey]?.isString("gtoken") ?? false
            && ["webhook", "monitoring"].contains { labels?[componentKey]?.isString($0) ?? false }
    }
}
