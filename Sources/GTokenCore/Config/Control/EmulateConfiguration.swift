/// What `gtokenctl emulate` stands in for.
package struct EmulateConfiguration: Sendable, Equatable {
    /// Roles that trust the Pod's Google service account, for tokens of the audience.
    package var roles: [RoleARN]
    /// The audience that the roles pin.
    package var audience: String
    /// The folder to write files of application default credentials to; `nil` for none.
    package var credentialsFolder: String?

    /// Stand-ins for Google and AWS without a role.
    package init(
        roles: [RoleARN] = [],
        audience: String = TokenSourceConfiguration.defaultAudience,
        credentialsFolder: String? = nil
    ) {
        self.roles = roles
        self.audience = audience
        self.credentialsFolder = credentialsFolder
    }
}

extension EmulateConfiguration {
    enum Options {
        static let roles = Option(
            "role-arn",
            .name("ARN", expecting: "\(ExpectedARN.role)", RoleARN.init(parsing:)),
            environment: "GTOKENCTL_ROLE_ARN",
            takesSeveral: true,
            help: "A role that trusts the Pod's Google service account, by sub, aud and oaud"
        )
        static let audience = Option(
            "audience",
            .word("TEXT", expecting: "a text without white space"),
            environment: "GTOKENCTL_AUDIENCE",
            default: TokenSourceConfiguration.defaultAudience,
            help: "The audience of the tokens that the roles trust"
        )
        static let credentialsFolder = Option(
            "credentials-dir",
            .path,
            environment: "GTOKENCTL_CREDENTIALS_DIR",
            help: """
                Write files of application default credentials to this folder, which must be there: service-account.json, \
                authorized-user.json, impersonated.json; and a kubeconfig
                """
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        roles = try settings.values(Options.roles)
        audience = try settings.required(Options.audience)
        credentialsFolder = try settings.value(Options.credentialsFolder)
    }

    /// `gtokenctl emulate`.
    static let specification = CommandSpecification(
        "emulate",
        summary: "Serve stand-ins for Google, AWS and Kubernetes on loopback, to develop against",
        discussion: """
            Google's metadata server, token endpoint, IAM Credentials and administrative APIs, AWS's STS and IAM, and the \
            Kubernetes API, on ports that the system chooses. They keep everything in memory, sign with keys of their own, and know one Pod with its service \
            account. One JSON document goes to standard output, with their addresses and the environment that leads \
            gtoken, Google's libraries and AWS's SDKs to them, and the one that leads gtokenctl, gcloud, aws and, with \
            --credentials-dir, kubectl there as administrators; they serve until SIGTERM or SIGINT.
            """,
        groups: [
            .init(
                "Emulation",
                [
                    Options.roles.specification, Options.audience.specification,
                    Options.credentialsFolder.specification,
                ]
            )
        ],
        examples: [
            .init(
                "With a role to assume",
                "gtokenctl emulate --role-arn=arn:aws:iam::123456789012:role/reports"
            )
        ]
    )
}
