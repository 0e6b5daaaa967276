extension GTokenConfiguration {
    enum Options {
        static let file = Option(
            "file",
            .path,
            environment: "GTOKEN_FILE",
            help: "Write the token to this file, replaced as a whole; standard output when not given"
        )
        static let refresh = Option(
            "refresh",
            .flag,
            environment: "GTOKEN_REFRESH",
            help: "Go on running, and replace the token well before it expires"
        )
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
        static let minimumTimeLeft = Option(
            "min-ttl",
            .duration(.zero ... .seconds(86_400)),
            environment: "GTOKEN_MIN_TTL",
            default: "0s",
            help: "How long the token must still be valid"
        )

        private static let standard = GTokenConfiguration()
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        output = TokenOutput(path: try settings.value(Options.file))
        refreshes = try settings.flag(Options.refresh)
        audience = try settings.required(Options.audience)
        source = try settings.required(Options.source)
        serviceAccount = try settings.value(Options.serviceAccount)
        metadataHost = try settings.required(Options.metadataHost)
        startupTimeout = try settings.required(Options.startupTimeout)
        requestTimeout = try settings.required(Options.requestTimeout)
        log = try LogForm(settings)
    }
}

extension TokenCheckConfiguration {
    init(_ settings: Settings) throws(ConfigurationError) {
        file = try settings.required(GTokenConfiguration.Options.file)
        minimumTimeLeft = try settings.required(GTokenConfiguration.Options.minimumTimeLeft)
    }
}

extension GTokenCommand {
    private typealias Options = GTokenConfiguration.Options

    /// What `gtoken` takes.
    package static let specification = CommandSpecification(
        "gtoken",
        summary: "Get a Google ID token for AWS SDKs to use, and keep it fresh",
        discussion: """
            Point AWS_WEB_IDENTITY_TOKEN_FILE at the file, and AWS_ROLE_ARN at a role that trusts the token's \
            service account; the SDKs do the rest.

            With --refresh and no --file, each new token is printed on a line of its own. Without --refresh, \
            the token is printed as it is, with no line feed unless standard output is a terminal.
            """,
        groups: [
            .init(
                "Token",
                [
                    Options.audience.specification, Options.source.specification,
                    Options.serviceAccount.specification, Options.metadataHost.specification,
                ]
            ),
            .init("Output", [Options.file.specification, Options.refresh.specification]),
            .init("Patience", [Options.startupTimeout.specification, Options.requestTimeout.specification]),
            LogForm.Options.group,
        ],
        sharedGroups: [CommandSpecification.Standard.group],
        commands: [
            CommandSpecification(
                "check",
                summary: "Exit with 0 if a file has an unexpired token, else 1 (for probes)",
                discussion: "The token's signature is not verified: whoever uses the token does that.",
                groups: [
                    .init("Token", [Options.file.specification, Options.minimumTimeLeft.specification])
                ],
                examples: [
                    .init("As a startup probe", "gtoken check --file=/var/run/secrets/aws/token/gtoken"),
                    .init(
                        "Not about to expire",
                        "gtoken check --file=/var/run/secrets/aws/token/gtoken --min-ttl=5m"
                    ),
                ]
            ),
            CommandSpecification("version", summary: "Print the version and exit"),
        ],
        examples: [
            .init("One token, to a file", "gtoken --file=/var/run/secrets/aws/token/gtoken"),
            .init("Keep the file fresh", "gtoken --file=/var/run/secrets/aws/token/gtoken --refresh"),
            .init("One token, to a variable", "TOKEN=$(gtoken --audience=sts.amazonaws.com)"),
        ]
    )
}
