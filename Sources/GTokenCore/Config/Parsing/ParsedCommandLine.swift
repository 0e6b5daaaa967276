/// A command line taken apart; values are not read yet.
package struct ParsedCommandLine: Sendable, Equatable {
    /// An option's value as it was given.
    struct Given: Sendable, Equatable {
        /// The option as it was written: `--file`, `-file`, `-o`.
        let spelling: String
        /// The text; for a flag without one, `true`.
        let text: String
    }

    /// The names of the chosen command and those above it, without the tool's own; empty for the tool itself.
    package internal(set) var path: [String] = []
    /// What was asked for in place of a run.
    package internal(set) var request: Request?
    /// By the options' long names, each as often as it was given, in order.
    var given: [String: [Given]] = [:]

    /// What can be asked for in place of a run.
    package enum Request: Sendable, Equatable {
        /// How the command at this path is used.
        case help([String])
        /// The version.
        case version
    }
}
