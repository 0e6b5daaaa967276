package import GTokenCore

/// How a tool says that it failed: what happened, and what to do about it.
package struct ToolError: Error, Equatable, Sendable {
    /// What happened, with which object; one line.
    package let message: String
    /// What to do about it, where that is known.
    package let hint: String?
    /// The status the tool ends with.
    package let exitCode: ExitCode

    /// An error to end with.
    package init(_ message: String, hint: String? = nil, exitCode: ExitCode) {
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
    }

    /// The error for a command line or environment that makes no configuration.
    package init(_ error: ConfigurationError, tool: String) {
        message = "\(error)"
        exitCode = error.isUsage ? .usage : .configuration
        switch error {
        case .unexpectedArgument(let word), .unknownCommand(let word, _):
            // Go's flag package reads them the same way, but goes on without a word.
            let isBoolean = ["true", "false"].contains(word.lowercased())
            hint = isBoolean ? "write a flag's value after '=', as in --refresh=\(word)" : Self.help(tool)
        case .missingSetting: hint = nil
        default: hint = Self.help(tool)
        }
    }

    private static func help(_ tool: String) -> String { "see '\(tool) --help'" }

    /// Prints the error to standard error and ends the process.
    package func exit(tool: String) -> Never {
        StandardError.writeLine("\(tool): error: \(message)" + (hint.map { "\nhint: \($0)" } ?? ""))
        exitProcess(exitCode)
    }
}

extension StandardOutput {
    /// Writes a command's result.
    ///
    /// - Throws: the error to end with, when nobody reads it or the disk is full.
    package static func writeResult(_ text: String) throws(ToolError) {
        do throws(FileError) {
            try write(text.utf8)
        } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
    }
}
