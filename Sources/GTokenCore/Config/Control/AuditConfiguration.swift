/// What `gtokenctl audit` looks at.
package struct AuditConfiguration: Sendable, Equatable {
    /// As whom, and where.
    package var access: AccessConfiguration
    /// The Google Cloud project whose policy is looked at; `nil` for none.
    package var project: GoogleProjectID?
    /// What our annotations begin with.
    package var annotationPrefix: String
    /// Whether the ServiceAccounts of the cluster are looked at.
    package var looksAtKubernetes: Bool
    /// Whether the corrected policies are printed.
    package var printsCorrections: Bool
    /// The form of the result.
    package var output: OutputForm
}

extension AuditConfiguration {
    enum Options {
        static let project = Option(
            "project",
            .name("ID", expecting: "\(ExpectedName.googleProjectID)", GoogleProjectID.init(parsing:)),
            environment: "PROJECT_ID",
            help:
                "The Google Cloud project whose policy is searched for grants on all service accounts; none when not given"
        )
        static let noKubernetes = Option(
            "no-kubernetes",
            .flag,
            environment: "GTOKENCTL_NO_KUBERNETES",
            help: "Leave the annotations of the cluster's ServiceAccounts out"
        )
        static let fix = Option(
            "fix",
            .flag,
            environment: "GTOKENCTL_FIX",
            help: "Print the corrected trust policy of each role with a finding; nothing is changed"
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        access = try AccessConfiguration(settings)
        project = try settings.value(Options.project)
        annotationPrefix = try settings.required(SetupConfiguration.Options.prefix)
        looksAtKubernetes = !(try settings.flag(Options.noKubernetes))
        printsCorrections = try settings.flag(Options.fix)
        output = try settings.required(SetupConfiguration.Options.output)
    }

    /// `gtokenctl audit`.
    static let specification = CommandSpecification(
        "audit",
        summary: "Find what is unsafe in the AWS roles of Pods on GKE",
        discussion: """
            Looks at every role of the AWS account that trusts Google or a GKE cluster, at the identity providers for them, at \
            the ServiceAccounts of the cluster that name a role, and with --project at who may make tokens of all of a project's \
            service accounts. It changes nothing. Exits with 1 when something is unsafe, with 0 when nothing is.
            """,
        groups: [
            .init(
                "Audit",
                [
                    Options.project.specification, Options.noKubernetes.specification,
                    Options.fix.specification,
                    SetupConfiguration.Options.prefix.specification,
                    SetupConfiguration.Options.output.specification,
                ]
            ), AccessConfiguration.Options.group,
        ],
        examples: [
            .init("AWS, the cluster and a project", "gtokenctl audit --project=my-project"),
            .init("AWS alone, with what to write instead", "gtokenctl audit --no-kubernetes --fix"),
            .init("For a pipeline", "gtokenctl audit --no-kubernetes -o json"),
        ]
    )
}
