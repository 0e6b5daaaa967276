/// How `gtoken credential-process` runs.
public struct CredentialProcessConfiguration: Sendable, Equatable {
    /// Which credentials, and how.
    public var credentials: CredentialConfiguration
    /// Whether credentials are kept between calls.
    public var caches: Bool
    /// Where they are kept; the user's cache directory where it is `nil`.
    public var cacheDirectory: String?

    /// Credentials that are kept in the user's cache directory.
    public init(_ credentials: CredentialConfiguration) {
        self.credentials = credentials
        caches = true
    }
}

extension CredentialProcessConfiguration {
    enum Options {
        static let noCache = Option(
            "no-cache",
            .flag,
            environment: "GTOKEN_NO_CACHE",
            help: "Ask AWS each time, and keep nothing"
        )
        static let cacheDirectory = Option(
            "cache-dir",
            .path,
            environment: "GTOKEN_CACHE_DIR",
            help: "Where credentials are kept between calls, readable by their owner alone; "
                + "gtoken in the user's cache directory when not given"
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        credentials = try CredentialConfiguration(settings)
        caches = try !settings.flag(Options.noCache)
        cacheDirectory = try settings.value(Options.cacheDirectory)
        if !caches, settings.isGiven(Options.cacheDirectory) {
            throw .exclusive(option: "--no-cache", other: "--cache-dir")
        }
    }

    /// `gtoken credential-process`.
    static let specification = CommandSpecification(
        "credential-process",
        summary: "Print credentials of a role, as AWS's credential_process wants them",
        discussion: """
            Exchanges an ID token for credentials of a role at AWS STS, and with --chain-role-arn those for \
            credentials of another role. Meant for an AWS configuration file, in which each profile can have a role of \
            its own from the same token. The credentials go to standard output, and to a private file from \
            which further calls are answered until they are about to expire.
            """,
        groups: CredentialConfiguration.Options.groups + TokenSourceConfiguration.Options.groups + [
            .init("Cache", [Options.noCache.specification, Options.cacheDirectory.specification])
        ],
        examples: [
            .init(
                "In ~/.aws/config, as credential_process of a [profile …]",
                "gtoken credential-process --role-arn=arn:aws:iam::123456789012:role/reports"
            ),
            .init(
                "From a token file, in a region",
                "gtoken credential-process --role-arn=arn:aws:iam::123456789012:role/reports"
                    + " --file=/var/run/secrets/aws/token/gtoken --region=eu-west-1"
            ),
            .init(
                "A role of another account, by way of ours",
                "gtoken credential-process --role-arn=arn:aws:iam::123456789012:role/reports"
                    + " --chain-role-arn=arn:aws:iam::210987654321:role/reader --external-id=4711 --tag=team=reports"
            ),
        ]
    )
}
