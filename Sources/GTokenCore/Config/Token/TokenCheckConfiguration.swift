/// What `gtoken check` looks at.
public struct TokenCheckConfiguration: Sendable, Equatable {
    /// The token file.
    public var file: String
    /// How long the token must still be valid.
    public var minimumTimeLeft: Duration

    /// A check that a file's token is still valid for this long.
    public init(file: String, minimumTimeLeft: Duration = .zero) {
        self.file = file
        self.minimumTimeLeft = minimumTimeLeft
    }
}

extension TokenCheckConfiguration {
    /// Which token is looked at, and what it must have.
    enum Options {
        static let file = Option(
            "file",
            .path,
            environment: "GTOKEN_FILE",
            help: "The file with the token"
        )
        static let minimumTimeLeft = Option(
            "min-ttl",
            .duration(.zero ... .seconds(86_400)),
            environment: "GTOKEN_MIN_TTL",
            default: "0s",
            help: "How long the token must still be valid"
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        file = try settings.required(Options.file)
        minimumTimeLeft = try settings.required(Options.minimumTimeLeft)
    }

    /// `gtoken check`.
    static let specification = CommandSpecification(
        "check",
        summary: "Exit with 0 if a file has an unexpired token, else 1 (for probes)",
        discussion: "The token's signature is not verified: whoever uses the token does that.",
        groups: [
            .init(
                "Token",
                [Options.file.specification, Options.minimumTimeLeft.specification]
            )
        ],
        examples: [
            .init("As a startup probe", "gtoken check --file=/var/run/secrets/aws/token/gtoken"),
            .init(
                "Not about to expire",
                "gtoken check --file=/var/run/secrets/aws/token/gtoken --min-ttl=5m"
            ),
        ]
    )
}
