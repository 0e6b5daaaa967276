import GTokenCore
import GTokenRuntime

/// Asks before something is removed.
enum Confirmation {
    /// Shows the changes, and asks whoever is there; nobody is an answer, too.
    ///
    /// - Throws: `ToolError` unless the answer is yes.
    static func ask(_ changes: [ObjectChange], environment: [String: String]) throws(ToolError) {
        let text = ChangeText(style: Style(isTerminal: StandardError.isTerminal, environment: environment))
        for change in changes where change.action != .keep { StandardError.writeLine(text.text(change)) }
        guard StandardInput.isTerminal else {
            throw ToolError(
                "\(changes.count(where: \.isChange)) objects would be changed or removed, and nobody is there to be asked",
                hint: "confirm with --yes",
                exitCode: .usage
            )
        }
        StandardError.writeLine("Remove these? Type yes:")
        guard readLine() == "yes" else { throw ToolError("nothing was removed", exitCode: .unwell) }
    }
}
