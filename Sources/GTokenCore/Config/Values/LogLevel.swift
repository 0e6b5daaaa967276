/// How much a tool logs: a message is written when its level is at least the logger's.
///
/// The names are those of logrus, which the Go project's manifests use; `panic` means ``fatal`` here.
public enum LogLevel: String, Sendable, CaseIterable {
    /// Each step on the way; for who looks for a fault in a tool.
    case trace
    /// What goes on between the events of ``info``.
    case debug
    /// What was done, one line for each event, such as an admission.
    case info
    /// What went otherwise than someone may expect; the tool goes on.
    case warning
    /// What failed; the tool goes on.
    case error
    /// What ends the tool.
    case fatal

    /// Reads a level's name in any case; `nil` when it is none of logrus's names.
    public init?(parsing text: String) {
        switch text.lowercased() {
        case "warn": self = .warning
        case "panic": self = .fatal
        case let name: self.init(rawValue: name)
        }
    }

    private var severity: Int {
        switch self {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .warning: 3
        case .error: 4
        case .fatal: 5
        }
    }
}

extension LogLevel: Comparable {
    /// Whether the first level is the less severe one.
    public static func < (first: LogLevel, second: LogLevel) -> Bool { first.severity < second.severity }
}
