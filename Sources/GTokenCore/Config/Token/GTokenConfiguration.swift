/// How `gtoken` gets a Google ID token and where it puts it.
public struct GTokenConfiguration: Sendable, Equatable {
    /// Whom the token is asked from.
    public var token: TokenSourceConfiguration
    /// Where the token goes.
    public var output: TokenOutput
    /// Whether to go on, and to replace the token before it expires.
    public var refreshes: Bool
    /// The log's level and form.
    public var log: LogForm

    /// The defaults: one token, printed, for the account that the Pod runs as.
    public init() {
        token = TokenSourceConfiguration()
        output = .standardOutput
        refreshes = false
        log = LogForm()
    }
}

extension GTokenConfiguration {
    /// Where the token goes and for how long.
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

        static let group = CommandSpecification.Group("Output", [file.specification, refresh.specification])
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        token = try TokenSourceConfiguration(settings)
        output = TokenOutput(path: try settings.value(Options.file))
        refreshes = try settings.flag(Options.refresh)
        log = try LogForm(settings)
    }
}
