/// What `gtokenctl plan`, `apply`, `delete` and `status` are about, and how.
package struct SetupConfiguration: Sendable, Equatable {
    /// The one binding of the command line; `nil` where a file has them.
    package var binding: Binding?
    /// Files with policies of the binding's role.
    package var inlinePolicyFiles: [NamedFile]
    /// The file with the fleet.
    package var fleetFile: String?
    /// As whom, and where.
    package var access: AccessConfiguration
    /// What our annotations begin with.
    package var annotationPrefix: String
    /// Whether a role of somebody else is taken over.
    package var adopts: Bool
    /// Whether Workload Identity is turned on where the cluster has it not.
    package var enablesWorkloadIdentity: Bool
    /// Whether nothing is asked before something is removed.
    package var isConfirmed: Bool
    /// How many objects are worked on at once.
    package var parallelism: Int
    /// The form of the result.
    package var output: OutputForm
}

extension SetupConfiguration {
    enum Options {
        static let file = Option(
            "file",
            short: "f",
            .path,
            environment: "GTOKENCTL_FILE",
            help:
                "A fleet of bindings, JSON with comments; in place of the options of one (- for standard input)"
        )
        static let prefix = Option(
            "annotation-prefix",
            .word("PREFIX", expecting: "a prefix that ends in /"),
            environment: "GTOKENCTL_ANNOTATION_PREFIX",
            default: InjectionConfiguration.defaultAnnotationPrefix,
            help: "What our annotations begin with, as the webhook has it"
        )
        static let adopt = Option(
            "adopt",
            .flag,
            environment: "GTOKENCTL_ADOPT",
            help:
                "Take over AWS roles that gtokenctl did not make: their trust and policies become the bindings'"
        )
        static let enableWorkloadIdentity = Option(
            "enable-workload-identity",
            .flag,
            environment: "GTOKENCTL_ENABLE_WORKLOAD_IDENTITY",
            help: "Turn Workload Identity on where the cluster has it not; its control plane is then replaced"
        )
        static let yes = Option(
            "yes",
            short: "y",
            .flag,
            environment: "GTOKENCTL_YES",
            help: "Remove without asking"
        )
        static let parallelism = Option(
            "parallelism",
            OptionKind<Int>("NUMBER", expecting: "a number from 1 to 64") { text in
                Int(text).flatMap { 1...64 ~= $0 ? $0 : nil }
            },
            environment: "GTOKENCTL_PARALLELISM",
            default: "16",
            help: "How many objects are worked on at once"
        )
        static let output = OutputForm.option(environment: "GTOKENCTL_OUTPUT")

        static let fleet = CommandSpecification.Group("Fleet", [file.specification])
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        fleetFile = try settings.value(Options.file)
        inlinePolicyFiles = try settings.values(BindingFields.inlinePolicy)
        binding = fleetFile == nil ? try Binding(BindingSettings(settings, inlinePolicies: [:])) : nil
        access = try AccessConfiguration(settings)
        annotationPrefix = try settings.required(Options.prefix)
        adopts = try settings.flag(Options.adopt)
        enablesWorkloadIdentity = try settings.flag(Options.enableWorkloadIdentity)
        isConfirmed = try settings.flag(Options.yes)
        parallelism = try settings.required(Options.parallelism)
        output = try settings.required(Options.output)
    }

    /// A command about bindings, with options of its own.
    static func specification(
        _ name: String,
        summary: String,
        discussion: String,
        options: [OptionSpecification] = [],
        examples: [CommandSpecification.Example]
    ) -> CommandSpecification {
        CommandSpecification(
            name,
            summary: summary,
            discussion: discussion,
            groups: [
                .init(
                    "Work",
                    options + [
                        Options.prefix.specification, Options.parallelism.specification,
                        Options.output.specification,
                    ]
                ), Options.fleet,
            ] + BindingFields.groups + [AccessConfiguration.Options.group],
            examples: examples
        )
    }

    private static let changing = [Options.adopt.specification, Options.enableWorkloadIdentity.specification]
    private static let oneBinding = """
        --project=my-project --cluster-name=main --cluster-location=europe-west1 --namespace=shop \
        --service-account=orders --google-service-account=orders-gsa --aws-role=orders --aws-policy=AmazonSQSFullAccess
        """

    static let specifications = [
        specification(
            "plan",
            summary: "Show what apply would do, and change nothing",
            discussion: "Exits with 2 when there is something to do, with 0 when there is not.",
            options: changing,
            examples: [
                .init("One binding", "gtokenctl plan \(oneBinding)"),
                .init("A fleet", "gtokenctl plan --file=fleet.json"),
            ]
        ),
        specification(
            "apply",
            summary: "Set up both clouds and the ServiceAccounts",
            discussion: """
                Makes what is missing and mends what differs; what is right stays untouched. It can be stopped at any point and \
                run again. The variables of the guide (PROJECT_ID, CLUSTER_NAME, CLUSTER_LOCATION, GSA_NAME, KSA_NAME, \
                KSA_NAMESPACE, AWS_ROLE_NAME, AWS_POLICY_NAME) do in place of the options.
                """,
            options: changing,
            examples: [
                .init("One binding", "gtokenctl apply \(oneBinding)"),
                .init("A fleet", "gtokenctl apply --file=fleet.json"),
            ]
        ),
        specification(
            "delete",
            summary: "Remove what gtokenctl made for bindings",
            discussion: """
                Removes in reverse order what carries gtokenctl's mark. What somebody else made, or others use, stays, and is \
                named with the reason. Asks first.
                """,
            options: [Options.yes.specification],
            examples: [.init("A fleet", "gtokenctl delete --file=fleet.json --yes")]
        ),
        specification(
            "status",
            summary: "Say which bindings are as they should be",
            discussion: "Exits with 1 when one is not.",
            examples: [.init("A fleet, for a pipeline", "gtokenctl status --file=fleet.json -o json")]
        ),
    ]
}
