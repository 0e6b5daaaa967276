/// The form of a command's result.
public enum OutputForm: String, Sendable, CaseIterable {
    /// For people.
    case text
    /// One JSON document.
    case json
}

extension OutputForm {
    /// `-o`, as every command with a result takes it.
    static func option(environment: String) -> Option<OutputForm> {
        Option(
            "output",
            short: "o",
            .choice("FORM"),
            environment: environment,
            default: OutputForm.text.rawValue,
            help: "The form of what is printed: text or json"
        )
    }
}
