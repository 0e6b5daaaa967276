/// As whom, and where, `gtokenctl` speaks to the clouds and the cluster; what is not given, each tool's own settings say.
package struct AccessConfiguration: Sendable, Equatable {
    /// A context of the kubeconfig.
    package var kubernetesContext: String?
    /// The kubeconfig's path.
    package var kubeconfig: String?
    /// A profile of the AWS configuration.
    package var awsProfile: String?
    /// The AWS region, whose partition's IAM is asked.
    package var awsRegion: AWSRegion?
    /// The Google service account to act as.
    package var impersonated: GoogleServiceAccountEmail?
    /// The account that the AWS credentials are to be of, 12 digits; `nil` where any is meant.
    package var awsAccountID: String?
    /// How long a cloud that does not answer is waited for.
    package var patience = Duration.seconds(120)

    /// Each tool's own settings.
    package init() {}
}

extension AccessConfiguration {
    enum Options {
        static let context = Option(
            "context",
            .word("NAME", expecting: "a context of the kubeconfig"),
            environment: "GTOKENCTL_CONTEXT",
            help: "The kubeconfig's context; the current one when not given"
        )
        static let kubeconfig = Option(
            "kubeconfig",
            .path,
            environment: "GTOKENCTL_KUBECONFIG",
            help: "The kubeconfig; kubectl's own when not given"
        )
        static let profile = Option(
            "profile",
            .word("NAME", expecting: "a profile of the AWS configuration"),
            environment: "GTOKENCTL_AWS_PROFILE",
            help: "The AWS profile; AWS_PROFILE and the usual credentials when not given"
        )
        static let region = Option(
            "region",
            .name("REGION", expecting: "\(ExpectedName.awsRegion)", AWSRegion.init(parsing:)),
            environment: "GTOKENCTL_AWS_REGION",
            help: "The AWS region, which says the partition; AWS_REGION or the profile's when not given"
        )
        static let impersonated = Option(
            "impersonate-service-account",
            .name(
                "EMAIL",
                expecting: "\(ExpectedName.googleServiceAccountEmail)",
                GoogleServiceAccountEmail.init(parsing:)
            ),
            environment: "GTOKENCTL_IMPERSONATE_SERVICE_ACCOUNT",
            help: "The Google service account to act as"
        )
        static let account = Option(
            "aws-account",
            OptionKind<String>("ID", expecting: "an account's 12 digits") { text in
                IAMResourceARN.isAccountID(text) ? text : nil
            },
            environment: "GTOKENCTL_AWS_ACCOUNT",
            help: "The AWS account that is meant; credentials of another one are not used"
        )
        static let patience = Option(
            "patience",
            .duration(.seconds(1) ... .seconds(3600)),
            environment: "GTOKENCTL_PATIENCE",
            default: "2m",
            help: "How long a cloud that does not answer is waited for"
        )

        /// Of a command that speaks to the cluster alone.
        static let kubernetesGroup = CommandSpecification.Group(
            "Access",
            [context.specification, kubeconfig.specification]
        )
        static let group = CommandSpecification.Group(
            "Access",
            [
                context.specification, kubeconfig.specification, profile.specification, region.specification,
                account.specification, impersonated.specification, patience.specification,
            ]
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        kubernetesContext = try settings.value(Options.context)
        kubeconfig = try settings.value(Options.kubeconfig)
        awsProfile = try settings.value(Options.profile)
        awsRegion = try settings.value(Options.region)
        impersonated = try settings.value(Options.impersonated)
        awsAccountID = try settings.value(Options.account)
        patience = try settings.required(Options.patience)
    }
}
