/// What `gtokenctl trust-policy` prints.
package struct TrustPolicyConfiguration: Sendable, Equatable {
    /// Whose tokens are trusted.
    package enum Subject: Sendable, Equatable {
        /// A Google service account's; where its unique id is not given, Google is asked for that of the e-mail.
        case google(uniqueID: GoogleUniqueID?, email: GoogleServiceAccountEmail?)
        /// The tokens of a ServiceAccount, issued by its cluster.
        case cluster(GKECluster, KubernetesServiceAccountName)
    }

    /// Whose tokens are trusted.
    package var subject: Subject
    /// The tokens' audience.
    package var audience: String
    /// Whether tokens made with a key of the account are trusted too; there is an e-mail then.
    package var allowsKeySource: Bool
    /// As whom the clouds are asked for what is not given.
    package var access: AccessConfiguration
}

extension TrustPolicyConfiguration {
    private static let uniqueID = Option(
        "google-unique-id",
        .name("ID", expecting: "\(ExpectedName.googleUniqueID)", GoogleUniqueID.init(parsing:)),
        environment: "GTOKENCTL_GOOGLE_UNIQUE_ID",
        help: "The Google service account's unique id; Google is asked when not given"
    )

    init(_ settings: Settings) throws(ConfigurationError) {
        let source = BindingSettings(settings, inlinePolicies: [:])
        let identity = try source.required(BindingFields.identity)
        allowsKeySource = try source.value(BindingFields.allowsKeySource) ?? false
        switch identity {
        case .google:
            let uniqueID = try settings.value(Self.uniqueID)
            // With the id, nobody has to be asked; the e-mail is then wanted for a key's tokens alone.
            let needsEmail = uniqueID == nil || allowsKeySource
            subject = .google(
                uniqueID: uniqueID,
                email: needsEmail ? try Binding.googleServiceAccount(source) : nil
            )
        case .cluster:
            subject = .cluster(try Binding.cluster(source), try Binding.serviceAccount(source))
        }
        audience = try source.value(BindingFields.audience) ?? identity.standardAudience
        access = try AccessConfiguration(settings)
    }

    /// `gtokenctl trust-policy`.
    static let specification = CommandSpecification(
        "trust-policy",
        summary: "Print the trust policy of a role, as apply would set it",
        discussion: """
            Identity google needs the account's unique id, identity cluster the id of the AWS account; with \
            --google-unique-id or --aws-account nobody is asked for it. --region says the partition then.
            """,
        groups: [
            .init("Known already", [uniqueID.specification]),
            .init(
                "Identity",
                [
                    BindingFields.identity.option.specification,
                    BindingFields.googleServiceAccount.option.specification,
                    BindingFields.audience.option.specification,
                    BindingFields.allowsKeySource.option.specification,
                ]
            ), BindingFields.groups[0], AccessConfiguration.Options.group,
        ],
        examples: [
            .init("Offline", "gtokenctl trust-policy --google-unique-id=104387266351829007741"),
            .init(
                "The unique id asked from Google",
                "gtokenctl trust-policy --google-service-account=orders@my-project.iam.gserviceaccount.com"
            ),
        ]
    )
}
