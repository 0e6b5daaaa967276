extension WebhookConfiguration {
    /// Where and how the webhook serves.
    enum ServerOptions {
        static let listenAddress = Option(
            "listen-address",
            .listenAddress,
            environment: "GTOKEN_WEBHOOK_LISTEN_ADDRESS",
            default: ListenAddress.standard.description,
            help: "Where Pods are reviewed"
        )
        static let telemetryListenAddress = Option(
            "telemetry-listen-address",
            .listenAddress,
            environment: "GTOKEN_WEBHOOK_TELEMETRY_LISTEN_ADDRESS",
            help: "Where metrics are served, over plain HTTP; the listen address when not given"
        )
        static let certificateFile = Option(
            "tls-cert-file",
            .path,
            environment: "GTOKEN_WEBHOOK_TLS_CERT_FILE",
            help: "The serving certificate and its chain, PEM; plain HTTP when not given"
        )
        static let privateKeyFile = Option(
            "tls-private-key-file",
            .path,
            environment: "GTOKEN_WEBHOOK_TLS_PRIVATE_KEY_FILE",
            help: "The certificate's private key, PEM"
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
        static let kubernetesAPI = Option(
            "kube-api",
            .plainHTTPURL,
            environment: "GTOKEN_WEBHOOK_KUBE_API",
            help: "The Kubernetes API's plain URL, as of kubectl proxy; for development"
        )
        static let shutdownDelay = Option(
            "shutdown-delay",
            .duration(.zero ... .seconds(600)),
            environment: "GTOKEN_WEBHOOK_SHUTDOWN_DELAY",
            default: WebhookConfiguration.standardShutdownDelay.goText,
            help: "How long to go on answering after SIGTERM, while the Service's endpoints change"
        )

        static let group = CommandSpecification.Group(
            "Server",
            [
                listenAddress.specification, telemetryListenAddress.specification,
                certificateFile.specification, privateKeyFile.specification, clientCAFile.specification,
                minimumTLSVersion.specification, kubernetesAPI.specification, shutdownDelay.specification,
            ]
        )

        private static let standard = InjectionConfiguration()
    }
}
