/// How `gtokenctl demo` runs.
package struct DemoConfiguration: Sendable, Equatable {
    /// Whether the emulators stay when the demonstration is over.
    package var keepsRunning: Bool
    /// The form of what is printed.
    package var output: OutputForm
    /// The file to write the environment of the Pod of identity `google` and the folder of its documents to, while
    /// the emulators stay; `nil` for none.
    package var environmentFile: String?
    /// The same for the Pod of identity `cluster`.
    package var clusterEnvironmentFile: String?
    /// Which form of injection is shown.
    package var sidecar: InjectionConfiguration.SidecarForm

    /// A demonstration that ends, for people to read, unless said otherwise.
    package init(
        keepsRunning: Bool = false,
        output: OutputForm = .text,
        environmentFile: String? = nil,
        clusterEnvironmentFile: String? = nil,
        sidecar: InjectionConfiguration.SidecarForm = .auto
    ) {
        self.keepsRunning = keepsRunning
        self.output = output
        self.environmentFile = environmentFile
        self.clusterEnvironmentFile = clusterEnvironmentFile
        self.sidecar = sidecar
    }

    /// The file for the environment of the Pod of an identity; `nil` for none.
    package func environmentFile(for identity: RoleAnnotations.Identity) -> String? {
        switch identity {
        case .google: environmentFile
        case .cluster: clusterEnvironmentFile
        }
    }
}

extension DemoConfiguration {
    enum Options {
        static let keep = Option(
            "keep",
            .flag,
            environment: "GTOKENCTL_KEEP",
            help: "Leave the emulators running, and print what a real aws command needs to use them"
        )
        static let output = OutputForm.option(environment: "GTOKENCTL_OUTPUT")
        static let environmentFile = Option(
            "env-file",
            .path,
            environment: "GTOKENCTL_ENV_FILE",
            help:
                "With --keep: write the environment of the Pod of identity google to this file, as KEY=VALUE lines"
        )
        static let clusterEnvironmentFile = Option(
            "cluster-env-file",
            .path,
            environment: "GTOKENCTL_CLUSTER_ENV_FILE",
            help: "With --keep: the same for the Pod of identity cluster"
        )
        static let sidecar = Option(
            "sidecar",
            OptionKind<InjectionConfiguration.SidecarForm>.choice("FORM"),
            environment: "GTOKENCTL_SIDECAR",
            default: InjectionConfiguration.SidecarForm.auto.rawValue,
            help: "The form of injection to show: native, container, or auto (by the emulated cluster)"
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        keepsRunning = try settings.flag(Options.keep)
        output = try settings.required(Options.output)
        environmentFile = try settings.value(Options.environmentFile)
        clusterEnvironmentFile = try settings.value(Options.clusterEnvironmentFile)
        sidecar = try settings.required(Options.sidecar)
    }
}

extension DemoConfiguration {
    /// `gtokenctl demo`.
    static let specification = CommandSpecification(
        "demo",
        summary: "Show the whole way from Pods to their AWS roles, on this machine",
        discussion: """
            Google, AWS and the Kubernetes API are emulated on loopback; the webhook and gtoken are the \
            real ones. Both identities are shown, each with a Pod of its own. Exits with 0 when everything went as it should.
            """,
        groups: [
            .init(
                "Demonstration",
                [
                    Options.keep.specification, Options.environmentFile.specification,
                    Options.clusterEnvironmentFile.specification, Options.output.specification,
                    Options.sidecar.specification,
                ]
            )
        ],
        examples: [
            .init("The whole way", "gtokenctl demo"),
            .init(
                "With a real aws command afterwards, in another terminal",
                "gtokenctl demo --keep --env-file=demo.env"
            ),
            .init(
                "With ordinary containers, for a program to read",
                "gtokenctl demo --sidecar=container -o json"
            ),
        ]
    )
}
