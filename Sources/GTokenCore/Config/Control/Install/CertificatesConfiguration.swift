/// What `gtokenctl certs` makes.
package struct CertificatesConfiguration: Sendable, Equatable {
    /// The webhook's namespace, a part of the name that it is called by.
    package var namespace: String
    /// How long a new pair lives.
    package var validity: Duration
    /// The folder for the pair and its authority; `nil` for the cluster.
    package var outputFolder: String?
    /// Whether a new pair is made though the one that is there is good.
    package var renews: Bool
    /// Which cluster.
    package var access: AccessConfiguration
    /// The form of the result.
    package var output: OutputForm
}

extension CertificatesConfiguration {
    enum Options {
        static let validity = Option(
            "validity",
            .duration(.seconds(3600) ... .seconds(10 * 365 * 86_400)),
            environment: "GTOKENCTL_VALIDITY",
            default: "8760h",
            help: "How long a new pair lives"
        )
        static let outputFolder = Option(
            "output-dir",
            .path,
            environment: "GTOKENCTL_OUTPUT_DIR",
            help: "Write ca.pem, cert.pem and key.pem to this folder, and leave the cluster alone"
        )
        static let renew = Option(
            "renew",
            .flag,
            environment: "GTOKENCTL_RENEW",
            help: "Make a new pair though the one that is there is good"
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        namespace =
            try settings.value(InstallConfiguration.Options.namespace)
            ?? InstallConfiguration.standardNamespace
        validity = try settings.required(Options.validity)
        outputFolder = try settings.value(Options.outputFolder)
        renews = try settings.flag(Options.renew)
        access = try AccessConfiguration(settings)
        output = try settings.required(SetupConfiguration.Options.output)
    }

    /// `gtokenctl certs`.
    static let specification = CommandSpecification(
        "certs",
        summary: "Make the webhook's certificate, where neither it nor cert-manager does",
        discussion: """
            Makes an authority and a certificate for the webhook's Service, on ECDSA P-256, writes the pair to the Secret \
            gtoken-webhook-certs and the authority to caBundle. The authority's key is kept nowhere. A pair that is good stays, \
            until a third of its life is left. Run again, it renews without a moment in which the two do not fit: the new \
            authority is trusted beside the one before. No key is ever printed.
            """,
        groups: [
            .init(
                "Certificate",
                [
                    InstallConfiguration.Options.namespace.specification, Options.validity.specification,
                    Options.renew.specification, Options.outputFolder.specification,
                    SetupConfiguration.Options.output.specification,
                ]
            ), AccessConfiguration.Options.kubernetesGroup,
        ],
        examples: [
            .init("In the cluster, also to renew it", "gtokenctl certs"),
            .init("As files", "gtokenctl certs --output-dir=certs"),
        ]
    )
}
