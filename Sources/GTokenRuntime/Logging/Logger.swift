package import GTokenCore

/// Writes one event as one line, in logrus's text form or as JSON, to standard error.
///
/// A line is one `write(2)`: nothing is buffered, so nothing is lost when the process ends, and lines of two
/// threads do not mix. Messages are constants, so that they can be searched for; what varies is in the fields.
package struct Logger: Sendable {
    /// The two forms of a line; both use logrus's names `time`, `level` and `msg`.
    package enum Format: Sendable {
        /// `time=… level=… msg=…`, then the fields in the same form.
        case text
        /// One JSON object.
        case json
    }

    /// The least severe level that is written.
    package let level: LogLevel
    /// The form of each line.
    package let format: Format
    private let clock: any Clock
    private let sink: LogSink
    private var fields: [LogField] = []

    /// Makes a logger; tests give their own clock and sink.
    package init(level: LogLevel, format: Format = .text, clock: any Clock, sink: LogSink = .standardError) {
        self.level = level
        self.format = format
        self.clock = clock
        self.sink = sink
    }

    /// A logger whose every line carries these fields too.
    package func with(_ fields: LogField...) -> Logger {
        var logger = self
        logger.fields += fields
        return logger
    }

    /// Whether a message of this level would be written: for a field that is costly to make.
    package func writes(_ level: LogLevel) -> Bool { level >= self.level }

    /// Writes one line if the level is enough.
    package func log(_ level: LogLevel, _ message: StaticString, _ fields: [LogField]) {
        guard writes(level) else { return }
        let time = clock.now().rfc3339
        let all = self.fields + fields
        switch format {
        case .text:
            sink.write(LogLine.text(time: time, level: level, message: message.description, fields: all))
        case .json:
            sink.write(LogLine.json(time: time, level: level, message: message.description, fields: all))
        }
    }

    /// Writes a line for someone who follows one request.
    package func debug(_ message: StaticString, _ fields: LogField...) { log(.debug, message, fields) }

    /// Writes a line about what the tool did.
    package func info(_ message: StaticString, _ fields: LogField...) { log(.info, message, fields) }

    /// Writes a line about what needs a look, though the tool goes on as meant.
    package func warning(_ message: StaticString, _ fields: LogField...) { log(.warning, message, fields) }

    /// Writes a line about what failed.
    package func error(_ message: StaticString, _ fields: LogField...) { log(.error, message, fields) }
}
