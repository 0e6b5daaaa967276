extension WebhookConfiguration {
    /// What the webhook proves itself with to the API server, and what it asks of its callers.
    enum CertificateOptions {
        static let certificateFile = Option(
            "tls-cert-file",
            .path,
            environment: "GTOKEN_WEBHOOK_TLS_CERT_FILE",
            help: "The serving certificate and its chain, PEM; plain HTTP without it and --tls-self-managed"
        )
        static let privateKeyFile = Option(
            "tls-private-key-file",
            .path,
            environment: "GTOKEN_WEBHOOK_TLS_PRIVATE_KEY_FILE",
            help: "The certificate's private key, PEM"
        )
        static let selfManaged = Option(
            "tls-self-managed",
            .flag,
            environment: "GTOKEN_WEBHOOK_TLS_SELF_MANAGED",
            help:
                "Sign the serving certificate with an authority of our own, in a Secret, and keep caBundle right"
        )
        static let serviceName = Option(
            "tls-service-name",
            .label("a Service's name"),
            environment: "GTOKEN_WEBHOOK_TLS_SERVICE_NAME",
            default: standard.serviceName,
            help: "The Service that the API server calls"
        )
        static let namespace = Option(
            "tls-namespace",
            .label("a namespace"),
            environment: "GTOKEN_WEBHOOK_TLS_NAMESPACE",
            help:
                "The Service's namespace and the Secret's; POD_NAMESPACE or our own when not given, else gtoken"
        )
        static let authoritySecret = Option(
            "tls-ca-secret",
            .objectName("a Secret's name"),
            environment: "GTOKEN_WEBHOOK_TLS_CA_SECRET",
            default: "gtoken-webhook-ca",
            help: "The Secret that --tls-self-managed keeps its authority in; never mounted"
        )
        static let webhookConfiguration = Option(
            "webhook-configuration",
            .objectName("a MutatingWebhookConfiguration's name"),
            environment: "GTOKEN_WEBHOOK_CONFIGURATION",
            default: standard.configuration,
            help: "The MutatingWebhookConfiguration whose caBundle has to verify the certificate"
        )
        static let clientCAFile = Option(
            "client-ca-file",
            .path,
            environment: "GTOKEN_WEBHOOK_CLIENT_CA_FILE",
            help: "Answer reviews only to callers with a certificate that chains to one of these, PEM"
        )
        static let minimumTLSVersion = Option(
            "tls-min-version",
            .minimumTLSVersion,
            environment: "GTOKEN_WEBHOOK_TLS_MIN_VERSION",
            default: MinimumTLSVersion.v1_2.rawValue,
            help: "The oldest TLS version to speak: 1.2 or 1.3"
        )

        static let group = CommandSpecification.Group(
            "Certificates",
            [
                certificateFile.specification, privateKeyFile.specification, selfManaged.specification,
                serviceName.specification, namespace.specification, authoritySecret.specification,
                webhookConfiguration.specification, clientCAFile.specification,
                minimumTLSVersion.specification,
            ]
        )

        private static let standard = WebhookRegistration()
    }
}
