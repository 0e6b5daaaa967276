package import GTokenCore
package import GTokenRuntime

/// A logger's lines, kept for a test to look at.
package final class RecordedLog: Sendable {
    private let recorded = Locked<[String]>([])

    package init() {}

    /// Where a logger is to write.
    package var sink: LogSink {
        LogSink { line in self.recorded.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    }

    /// A logger of everything that writes here.
    package func logger(clock: any Clock, format: Logger.Format = .text, level: LogLevel = .trace) -> Logger {
        Logger(level: level, format: format, clock: clock, sink: sink)
    }

    /// The lines so far, each with its line feed.
    package var lines: [String] { recorded.withLock { $0 } }
}
