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

/// What the objects of a webhook are called, in every overlay and in the Go project.
enum WebhookNames {
    static let deployment = "gtoken-webhook-deployment"
    static let service = "gtoken-webhook-svc"
    static let configuration = "mutating-gtoken-webhook-cfg"
    static let certificates = "gtoken-webhook-certs"
    static let authority = "gtoken-webhook-ca"
    /// What the ConfigMap's name begins with; the rest follows from what is in it.
    static let settings = "gtoken-webhook-config"

    /// The name that API servers call the Service by.
    static func host(in namespace: String) -> String { "\(service).\(namespace).svc" }
}

/// The labels that every object of `deployment/` has.
enum WebhookLabels {
    static let all = ["app.kubernetes.io/component": "webhook", "app.kubernetes.io/name": "gtoken"]
    /// As `kubectl get --selector` has it.
    static let selector = all.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")

    /// Whether an object is one of `deployment/`, or was made by what runs there.
    static func are(on object: JSONValue) -> Bool {
        let labels = object["metadata"]?["labels"]
        return all.allSatisfy { labels?[$0.key]?.isString($0.value) ?? false }
    }
}
