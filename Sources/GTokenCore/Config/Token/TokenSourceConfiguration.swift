/// Whom Google's ID tokens are asked from, for whom, and with how much patience.
public struct TokenSourceConfiguration: Sendable, Equatable {
    /// The token's audience.
    public var audience: String
    /// Who is asked for the token.
    public var source: TokenSource
    /// The Google service account of the token; `nil` for the one that the Pod runs as.
    public var serviceAccount: GoogleServiceAccountEmail?
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
        metadataHost = "169.254.169.254"
        startupTimeout = .seconds(60)
        requestTimeout = .seconds(15)
    }

    /// The audience of the Go project, which its users' trust policies name.
    public static let defaultAudience = "gtoken/sts/assume-role-with-web-identity"
}

/// Who gives `gtoken` its token.
public enum TokenSource: String, Sendable, CaseIterable {
    /// The best that is there; the metadata server.
    case auto
    /// Google's metadata server.
    case metadata
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
            help: "Who gives the token: auto, or metadata (Google's metadata server)"
        )
        static let serviceAccount = Option(
            "service-account",
            .name(
                "EMAIL",
                expecting: "\(ExpectedName.googleServiceAccountEmail)",
                GoogleServiceAccountEmail.init(parsing:)
            ),
            environment: "GTOKEN_SERVICE_ACCOUNT",
            help: "The Google service account; the one that the Pod runs as when not given"
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
        metadataHost = try settings.required(Options.metadataHost)
        startupTimeout = try settings.required(Options.startupTimeout)
        requestTimeout = try settings.required(Options.requestTimeout)
    }
}
