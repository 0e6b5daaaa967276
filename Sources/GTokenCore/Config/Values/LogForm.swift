/// How much a tool logs, and in which form.
public struct LogForm: Sendable, Hashable {
    /// The least severe level that is written.
    public var level: LogLevel
    /// One JSON object a line instead of text.
    public var isJSON: Bool

    /// Text from level `info` on, unless said otherwise.
    public init(level: LogLevel = .info, isJSON: Bool = false) {
        self.level = level
        self.isJSON = isJSON
    }
}

extension LogForm {
    /// The options that every tool with a log has; the names and variables are the Go project's.
    enum Options {
        static let level = Option(
            "log-level",
            OptionKind<LogLevel>(
                "LEVEL",
                expecting: "trace, debug, info, warning, error, fatal or panic",
                parse: { LogLevel(parsing: $0) }
            ),
            environment: "LOG_LEVEL",
            default: "info",
            help: "Log messages of this level and above, to standard error"
        )
        static let json = Option(
            "json",
            .flag,
            environment: "LOG_JSON",
            help: "Log one JSON object a line instead of text"
        )
        static let group = CommandSpecification.Group("Log", [level.specification, json.specification])
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        self.init(level: try settings.required(Options.level), isJSON: try settings.flag(Options.json))
    }
}
