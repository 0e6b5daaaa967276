/// How `gtoken` gets a Google ID token and where it puts it.
public struct GTokenConfiguration: Sendable, Equatable {
    /// Whom the token is asked from.
    public var token: TokenSourceConfiguration
    /// Where the token goes.
    public var output: TokenOutput
    /// Whether to go on, and to replace the token before it expires.
    public var refreshes: Bool
    /// How much time the token shall always have left, as far as its source allows it.
    public var minimumTimeLeft: Duration
    /// The log's level and form.
    public var log: LogForm

    /// The defaults: one token, printed, for the account that the Pod runs as.
    public init() {
        token = TokenSourceConfiguration()
        output = .standardOutput
        refreshes = false
        minimumTimeLeft = Self.defaultMinimumTimeLeft
        log = LogForm()
    }

    /// Half a minute: an SDK that reads the token exchanges it at once, with a few retries.
    ///
    /// Each metadata server can keep it: those that hold on to a token longest do so until it has a minute left.
    public static let defaultMinimumTimeLeft = Duration.seconds(30)
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
        static let fileMode = Option(
            "file-mode",
            .fileMode,
            environment: "GTOKEN_FILE_MODE",
            default: "\(FileMode.standard)",
            help: "The file's permissions"
        )
        static let refresh = Option(
            "refresh",
            .flag,
            environment: "GTOKEN_REFRESH",
            help: "Go on running, and replace the token well before it expires"
        )

        static let minimumTimeLeft = Option(
            "min-ttl",
            .duration(.zero ... .seconds(86_400)),
            environment: "GTOKEN_MIN_TTL",
            default: defaultMinimumTimeLeft.goText,
            help: "How much time the token shall always have left, as far as its source allows it"
        )

        static let group = CommandSpecification.Group(
            "Output",
            [
                file.specification, fileMode.specification, refresh.specification,
                minimumTimeLeft.specification,
            ]
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        token = try TokenSourceConfiguration(settings)
        output = TokenOutput(
            path: try settings.value(Options.file),
            mode: try settings.required(Options.fileMode)
        )
        refreshes = try settings.flag(Options.refresh)
        minimumTimeLeft = try settings.required(Options.minimumTimeLeft)
        log = try LogForm(settings)
    }
}
