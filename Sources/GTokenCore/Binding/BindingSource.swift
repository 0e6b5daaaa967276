/// One thing that can be said of a binding: as an option of a command line, and as a member of a fleet file's objects.
package struct BindingField<Value: Sendable>: Sendable {
    /// The option; its variable and default count on the command line, its default in a file too.
    package let option: Option<Value>
    /// The member's name in a file.
    package let member: String

    init(_ member: String, _ option: Option<Value>) {
        self.member = member
        self.option = option
    }
}

/// Where what is said of a binding is written.
package protocol BindingSource {
    /// The field's value; `nil` where nothing is said and there is no default.
    ///
    /// - Throws: ``ConfigurationError``, which names the place.
    func value<Value>(_ field: BindingField<Value>) throws(ConfigurationError) -> Value?

    /// The values of a field that takes several, in order.
    ///
    /// - Throws: ``ConfigurationError``, which names the place.
    func values<Value>(_ field: BindingField<Value>) throws(ConfigurationError) -> [Value]

    /// The role's own policies, by name.
    ///
    /// - Throws: ``ConfigurationError``, which names the place.
    func inlinePolicies() throws(ConfigurationError) -> [String: InlinePolicy]

    /// How this place calls a field, for an error about one that is missing.
    func name<Value>(of field: BindingField<Value>) -> (name: String, environment: String?)
}

extension BindingSource {
    /// The field's value, where a binding cannot do without it.
    ///
    /// - Throws: ``ConfigurationError``, which names the place.
    package func required<Value>(_ field: BindingField<Value>) throws(ConfigurationError) -> Value {
        if let value = try value(field) { return value }
        let (name, environment) = name(of: field)
        throw .missingSetting(option: name, environment: environment)
    }
}

/// A command line with its environment; files that it names have been read by whoever may read files.
package struct BindingSettings: BindingSource {
    private let settings: Settings
    private let policies: [String: InlinePolicy]

    /// Settings, and the policies that `--inline-policy` named.
    package init(_ settings: Settings, inlinePolicies: [String: InlinePolicy]) {
        self.settings = settings
        policies = inlinePolicies
    }

    /// The option's value, its variable's, or the default.
    ///
    /// - Throws: ``ConfigurationError/invalidValue(_:value:expected:)``.
    package func value<Value>(_ field: BindingField<Value>) throws(ConfigurationError) -> Value? {
        try settings.value(field.option)
    }

    /// Every value that was given, in order.
    ///
    /// - Throws: ``ConfigurationError/invalidValue(_:value:expected:)``.
    package func values<Value>(_ field: BindingField<Value>) throws(ConfigurationError) -> [Value] {
        try settings.values(field.option)
    }

    /// What was read from the files that `--inline-policy` named.
    package func inlinePolicies() -> [String: InlinePolicy] { policies }

    /// The option with its dashes, and its variable.
    package func name<Value>(of field: BindingField<Value>) -> (name: String, environment: String?) {
        ("--" + field.option.specification.name, field.option.specification.environment)
    }
}
