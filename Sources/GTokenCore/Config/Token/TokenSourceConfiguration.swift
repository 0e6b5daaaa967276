/// Whom Google's ID tokens are asked from, for whom, and with how much patience.
public struct TokenSourceConfiguration: Sendable, Equatable {
    /// The token's audience.
    public var audience: String
    /// Who is asked for the token.
    public var source: TokenSource
    /// The Google service account of the token; `nil` for the one that the Pod runs as, or that the credentials are.
    public var serviceAccount: GoogleServiceAccountEmail?
    /// Through whom IAM Credentials is asked, each of whom may act as the next; none where the caller may itself.
    public var delegates: [GoogleServiceAccountEmail]
    /// Whether tokens of IAM Credentials say the account's e-mail; others always do.
    public var includesEmail: Bool
    /// Whether IAM Credentials is asked where the metadata server goes on handing out a token that is about to expire.
    public var allowsIAMFallback: Bool
    /// Host and optional port of the metadata server.
    public var metadataHost: String
    /// How long to go on asking a source that does not answer well, until the first token is there.
    public var startupTimeout: Duration
    /// How long one request may take.
    public var requestTimeout: Duration

    /// The defaults: the account that the Pod runs as, by the best source that is there.
    public init() {
        audience = Self.defaultAudience
        source = .auto
        serviceAccount = nil
        delegates = []
        includesEmail = false
        allowsIAMFallback = false
        metadataHost = "169.254.169.254"
        startupTimeout = .seconds(60)
        requestTimeout = .seconds(15)
    }

    /// The audience of the Go project, which its users' trust policies name.
    public static let defaultAudience = "gtoken/sts/assume-role-with-web-identity"
}

/// Who gives `gtoken` its token.
public enum TokenSource: String, Sendable, CaseIterable {
    /// Application default credentials where there is a file of them, else the metadata server.
    case auto
    /// Google's metadata server.
    case metadata
    /// IAM Credentials, with the metadata server's access token, or that of application default credentials.
    case iamCredentials = "iam-credentials"
    /// The file of application default credentials.
    case adc
}

extension TokenSourceConfiguration {
    /// Whose token it is and who gives it.
    enum Options {
        static let audience = Option(
            "audience",
            .word("TEXT", expecting: "a text without white space"),
            environment: "GTOKEN_AUDIENCE",
            default: standard.audience,
            help: "The token's audience, as the role's trust policy has it"
        )
        static let source = Option(
            "source",
            OptionKind<TokenSource>.choice("SOURCE"),
            environment: "GTOKEN_SOURCE",
            default: standard.source.rawValue,
            help: """
                Who gives the token: metadata (Google's metadata server), iam-credentials (the IAM Credentials API), adc (a \
                file of application default credentials), or auto: adc where there is such a file, else metadata
                """
        )
        static let serviceAccount = Option(
            "service-account",
            .name(
                "EMAIL",
                expecting: "\(ExpectedName.googleServiceAccountEmail)",
                GoogleServiceAccountEmail.init(parsing:)
            ),
            environment: "GTOKEN_SERVICE_ACCOUNT",
            help:
                "The Google service account; the one that the Pod runs as, or that the credentials are, when not given"
        )
        static let delegates = Option(
            "delegate",
            .name(
                "EMAIL",
                expecting: "\(ExpectedName.googleServiceAccountEmail)",
                GoogleServiceAccountEmail.init(parsing:)
            ),
            environment: "GTOKEN_DELEGATES",
            takesSeveral: true,
            help: "A service account through which IAM Credentials is asked, in order"
        )
        static let includeEmail = Option(
            "include-email",
            .flag,
            environment: "GTOKEN_INCLUDE_EMAIL",
            help: "Have tokens of IAM Credentials say the account's e-mail, as others do"
        )
        static let allowIAMFallback = Option(
            "allow-iam-fallback",
            .flag,
            environment: "GTOKEN_ALLOW_IAM_FALLBACK",
            help:
                "Ask IAM Credentials where the metadata server keeps handing out a token that is about to expire; the account "
                + "needs roles/iam.serviceAccountOpenIdTokenCreator on itself"
        )
        static let metadataHost = Option(
            "metadata-host",
            .word("HOST[:PORT]", expecting: "a host and optional port"),
            environment: "GCE_METADATA_HOST",
            default: standard.metadataHost,
            help: "Where Google's metadata server is"
        )
        static let startupTimeout = Option(
            "startup-timeout",
            .duration(.zero ... .seconds(86_400)),
            environment: "GTOKEN_STARTUP_TIMEOUT",
            default: standard.startupTimeout.goText,
            help: "How long to wait for a first token before giving up"
        )
        static let requestTimeout = Option(
            "request-timeout",
            .duration(.milliseconds(1) ... .seconds(600)),
            environment: "GTOKEN_REQUEST_TIMEOUT",
            default: standard.requestTimeout.goText,
            help: "How long one request may take"
        )

        /// For every command that gets a token from Google.
        static let groups = [
            CommandSpecification.Group(
                "Token",
                [
                    audience.specification, source.specification, serviceAccount.specification,
                    delegates.specification, includeEmail.specification, allowIAMFallback.specification,
                    metadataHost.specification,
                ]
            ),
            CommandSpecification.Group(
                "Patience",
                [startupTimeout.specification, requestTimeout.specification]
            ),
        ]

        private static let standard = TokenSourceConfiguration()
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        audience = try settings.required(Options.audience)
        source = try settings.required(Options.source)
        serviceAccount = try settings.value(Options.serviceAccount)
        delegates = try settings.values(Options.delegates)
        includesEmail = try settings.flag(Options.includeEmail)
        allowsIAMFallback = try settings.flag(Options.allowIAMFallback)
        metadataHost = try settings.required(Options.metadataHost)
        startupTimeout = try settings.required(Options.startupTimeout)
        requestTimeout = try settings.required(Options.requestTimeout)
    }
}
