/// The values of a command line and its environment: an option's own value, else its variable's, else the
/// default.
package struct Settings: Sendable {
    private let line: ParsedCommandLine
    private let environment: [String: String]

    /// Settings from a command line that has been taken apart.
    package init(_ line: ParsedCommandLine, environment: [String: String]) {
        self.line = line
        self.environment = environment
    }

    /// The option's value; `nil` where it has none and no default.
    ///
    /// An empty variable is as good as none (manifests write `value: ""`), and so is an empty value of an option
    /// without a default (the Go project's way to leave one out).
    ///
    /// - Throws: ``ConfigurationError/invalidValue(_:value:expected:)`` where the text is not what was expected.
    package func value<Value>(_ option: Option<Value>) throws(ConfigurationError) -> Value? {
        let specification = option.specification
        if let given = line.given[specification.name]?.last {
            if given.text.isEmpty, specification.defaultText == nil, !specification.isFlag { return nil }
            return try read(given.text, option, .option(given.spelling))
        }
        if let name = specification.environment, let text = environment[name], !text.isEmpty {
            return try read(text, option, .environment(name))
        }
        guard let text = specification.defaultText else { return nil }
        return try read(text, option, .option("--" + specification.name))
    }

    /// The option's value, where the tool cannot do without it.
    ///
    /// - Throws: ``ConfigurationError/invalidValue(_:value:expected:)``, or
    ///   ``ConfigurationError/missingSetting(option:environment:)``.
    package func required<Value>(_ option: Option<Value>) throws(ConfigurationError) -> Value {
        guard let value = try value(option) else {
            throw .missingSetting(
                option: "--" + option.specification.name,
                environment: option.specification.environment
            )
        }
        return value
    }

    /// Every value of an option that takes several, in order; of its variable, the parts between commas.
    ///
    /// - Throws: ``ConfigurationError/invalidValue(_:value:expected:)`` for the first that is not what was expected.
    package func values<Value>(_ option: Option<Value>) throws(ConfigurationError) -> [Value] {
        let specification = option.specification
        var texts: [(text: String, origin: SettingOrigin)] = []
        if let given = line.given[specification.name] {
            texts = given.map { ($0.text, .option($0.spelling)) }
        } else if let name = specification.environment, let text = environment[name] {
            texts = text.split(separator: ",").map { (String($0), .environment(name)) }
        }
        var values: [Value] = []
        for (text, origin) in texts where !text.isEmpty { values.append(try read(text, option, origin)) }
        return values
    }

    /// Whether the command line itself has the option.
    package func isGiven<Value>(_ option: Option<Value>) -> Bool {
        line.given[option.specification.name] != nil
    }

    /// A flag's value: false unless given.
    ///
    /// - Throws: ``ConfigurationError/invalidValue(_:value:expected:)`` for a text that is no truth value.
    package func flag(_ option: Option<Bool>) throws(ConfigurationError) -> Bool {
        try value(option) ?? false
    }

    private func read<Value>(
        _ text: String,
        _ option: Option<Value>,
        _ origin: SettingOrigin
    ) throws(ConfigurationError) -> Value {
        guard !text.isEmpty, let value = option.kind.parse(text) else {
            throw .invalidValue(origin, value: text, expected: option.kind.expectation)
        }
        return value
    }
}

extension [String: String] {
    /// The variables, and for each of these that has no value that of the variable which stands in for it.
    func filling(_ substitutes: [String: String]) -> [String: String] {
        var filled = self
        for (name, substitute) in substitutes where self[name]?.isEmpty ?? true {
            filled[name] = self[substitute]
        }
        return filled
    }
}
