/// How `gtoken credential-process` answers an AWS SDK.
public struct CredentialProcessConfiguration: Sendable, Equatable {
    /// Which credentials.
    public var credentials: RoleCredentialsConfiguration
    /// Where they are kept between calls; `nil` for nowhere.
    public var cache: Cache?

    /// Where credentials are kept.
    public enum Cache: Sendable, Equatable {
        /// In a folder of ours in the user's.
        case standard
        /// In this folder.
        case folder(String)
    }
}

extension CredentialProcessConfiguration {
    enum Options {
        static let cacheFolder = Option(
            "cache-dir",
            .path,
            environment: "GTOKEN_CACHE_DIR",
            help:
                "The folder to keep credentials in between calls, private to its owner; one in XDG_CACHE_HOME, HOME or "
                + "TMPDIR when not given"
        )
        static let noCache = Option(
            "no-cache",
            .flag,
            environment: "GTOKEN_NO_CACHE",
            help: "Keep nothing between calls"
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        credentials = try RoleCredentialsConfiguration(settings)
        let folder = try settings.value(Options.cacheFolder)
        cache = try settings.flag(Options.noCache) ? nil : folder.map { .folder($0) } ?? .standard
    }

    /// `gtoken credential-process`.
    static let specification = CommandSpecification(
        "credential-process",
        summary: "Print credentials of a role, for credential_process in an AWS config file",
        discussion: """
            Exchanges the token at STS and prints what AWS's SDKs read. Credentials are kept in a private file until \
            shortly before they expire, so that an SDK that asks often does not wait for STS each time.

            With --chain-role-arn, the credentials are those of a second role, assumed from the first.
            """,
        groups: RoleCredentialsConfiguration.Options.groups + [
            .init("Cache", [Options.cacheFolder.specification, Options.noCache.specification])
        ],
        examples: [
            .init(
                "In ~/.aws/config, under [profile reports]: credential_process =",
                "gtoken credential-process --role-arn=arn:aws:iam::123456789012:role/reports"
            ),
            .init(
                "A role in another account, from the first",
                """
                gtoken credential-process --role-arn=arn:aws:iam::123456789012:role/app \
                --chain-role-arn=arn:aws:iam::210987654321:role/audit --tag=team=audit
                """
            ),
        ]
    )
}
