/// Where the webhook's serving certificate comes from.
public enum WebhookCertificates: Sendable, Hashable {
    /// From nowhere: it serves plain HTTP.
    case none
    /// From files, which somebody else renews.
    case files(TLSFiles)
    /// From the webhook itself: its certificate authority is in the Secret of this name.
    case selfManaged(secret: String)
}

/// How the API server knows the webhook: whom it calls, and which object tells it so.
public struct WebhookRegistration: Sendable, Hashable {
    /// The Service that the API server calls; the certificate is for its names.
    public var serviceName: String
    /// The Service's namespace and that of our Secret; `nil` for the one that we run in.
    public var namespace: String?
    /// The MutatingWebhookConfiguration whose webhooks call the Service.
    public var configuration: String

    /// The names of the manifests in `deployment/`.
    public init() {
        serviceName = "gtoken-webhook-svc"
        namespace = nil
        configuration = "mutating-gtoken-webhook-cfg"
    }
}
