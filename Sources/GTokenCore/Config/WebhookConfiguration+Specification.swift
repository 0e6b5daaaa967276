extension WebhookCommand {
    private typealias Options = WebhookConfiguration.Options
    private typealias Group = CommandSpecification.Group

    /// What `gtoken-webhook` takes.
    package static let specification = CommandSpecification(
        "gtoken-webhook",
        summary: "Give Pods the AWS role that their Kubernetes ServiceAccount names",
        isRunnable: false,
        sharedGroups: [LogForm.Options.group, CommandSpecification.Standard.group],
        commands: [
            server,
            CommandSpecification("version", summary: "Print the version and exit"),
        ],
        examples: [.init("How the server is set up", "gtoken-webhook help server")]
    )

    private static let server = CommandSpecification(
        "server",
        summary: "Serve the mutating admission webhook",
        discussion: """
            Reviews Pods at /pods; says how it is at /healthz and /readyz, and how much it did at /metrics.
            """,
        groups: [
            Group(
                "Server",
                [
                    Options.listenAddress.specification, Options.telemetryListenAddress.specification,
                    Options.certificateFile.specification, Options.privateKeyFile.specification,
                    Options.clientCAFile.specification, Options.minimumTLSVersion.specification,
                    Options.kubernetesAPI.specification, Options.shutdownDelay.specification,
                ]
            ),
            Group(
                "Injected container",
                [
                    Options.image.specification, Options.pullPolicy.specification,
                    Options.sidecar.specification,
                    Options.cpu.specification, Options.minCPU.specification, Options.maxCPU.specification,
                    Options.memory.specification, Options.minMemory.specification,
                    Options.maxMemory.specification,
                ]
            ),
            Group(
                "Injected volume",
                [
                    Options.volumeName.specification, Options.volumePath.specification,
                    Options.tokenFile.specification, Options.volumeSize.specification,
                ]
            ),
            Group(
                "Rules",
                [
                    Options.annotationPrefix.specification, Options.defaultIdentity.specification,
                    Options.audience.specification, Options.clusterAudience.specification,
                    Options.tokenExpiration.specification, Options.allowNodeIdentity.specification,
                    Options.defaultRegion.specification, Options.onInvalid.specification,
                ]
            ),
        ],
        examples: [
            .init(
                "In a cluster",
                """
                gtoken-webhook --log-level=info --json server --listen-address=:10250 --image=$GTOKEN_IMAGE \
                --tls-cert-file=/etc/webhook/certs/cert.pem --tls-private-key-file=/etc/webhook/certs/key.pem
                """
            ),
            .init(
                "On a desk, behind kubectl proxy",
                "gtoken-webhook server --listen-address=127.0.0.1:8443 --kube-api=http://127.0.0.1:8001"
            ),
        ]
    )
}
