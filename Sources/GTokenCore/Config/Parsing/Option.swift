/// What a value looks like on the command line or in an environment variable, and how it is read.
package struct OptionKind<Value: Sendable>: Sendable {
    /// What stands for the value in the usage text, such as `PATH`; empty for a flag.
    let placeholder: String
    /// What is accepted, as it follows "expected": `a duration such as 5m or 1h30m`.
    let expectation: String
    /// The only words that are accepted, where they can be counted; what a shell completes.
    let choices: [String]
    /// Reads a value that is not empty; `nil` where it is not what was expected.
    let parse: @Sendable (String) -> Value?

    /// A kind with its own reader.
    package init(
        _ placeholder: String,
        expecting expectation: String,
        choices: [String] = [],
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.placeholder = placeholder
        self.expectation = expectation
        self.choices = choices
        self.parse = parse
    }
}

/// One option of a command line, with the environment variable that stands in for it.
package struct Option<Value: Sendable>: Sendable {
    /// What parsing and the usage text need to know.
    package let specification: OptionSpecification
    let kind: OptionKind<Value>

    /// An option.
    ///
    /// - Parameters:
    ///   - name: The long name, without dashes.
    ///   - short: The letter of the short form.
    ///   - kind: What values look like.
    ///   - environment: The variable that is read when the option is not given.
    ///   - standard: The value when neither is given, as it would be written; `nil` for none.
    ///   - takesSeveral: Whether it may be given more than once (``Settings/values(_:)``).
    ///   - help: What it does: one sentence without a full stop.
    package init(
        _ name: String,
        short: Character? = nil,
        _ kind: OptionKind<Value>,
        environment: String? = nil,
        default standard: String? = nil,
        takesSeveral: Bool = false,
        help: String
    ) {
        self.kind = kind
        specification = OptionSpecification(
            name: name,
            short: short,
            placeholder: kind.placeholder,
            expectation: kind.expectation,
            choices: kind.choices,
            environment: environment,
            defaultText: standard,
            takesSeveral: takesSeveral,
            help: help
        )
    }
}

/// What parsing and the usage text need to know about an option, whatever its value's type.
package struct OptionSpecification: Sendable, Equatable {
    /// The long name, without dashes.
    package let name: String
    /// The letter of the short form; `nil` for none.
    package let short: Character?
    /// What stands for the value in the usage text, such as `PATH`; empty for a flag.
    package let placeholder: String
    /// What is accepted, as it follows "expected".
    package let expectation: String
    /// The only words that are accepted, where they can be counted.
    package let choices: [String]
    /// The variable that is read when the option is not given; `nil` for none.
    package let environment: String?
    /// The value when neither is given, as it would be written; `nil` for none.
    package let defaultText: String?
    /// Whether it may be given more than once, and its variable have several values between commas.
    package let takesSeveral: Bool
    /// What it does: one sentence without a full stop.
    package let help: String

    /// Whether it stands alone: `--refresh`, with a value only as `--refresh=false`.
    package var isFlag: Bool { placeholder.isEmpty }
}
