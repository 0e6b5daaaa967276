extension WebhookCommand {
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
            WebhookConfiguration.ServerOptions.group, WebhookConfiguration.CertificateOptions.group,
            WebhookConfiguration.ContainerOptions.group, WebhookConfiguration.VolumeOptions.group,
            WebhookConfiguration.RuleOptions.group,
        ],
        examples: [
            .init(
                "In a cluster",
                """
                gtoken-webhook --log-level=info --json server --listen-address=:10250 --image=$GTOKEN_IMAGE \
                --tls-self-managed
                """
            ),
            .init(
                "With a certificate from somebody else",
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
