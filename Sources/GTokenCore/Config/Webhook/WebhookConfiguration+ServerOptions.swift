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
                kubernetesAPI.specification, shutdownDelay.specification,
            ]
        )
    }
}
