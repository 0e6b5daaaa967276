internal import GTokenCore

/// A key with its value in a log line; never a token, a key or a secret.
package struct LogField: Sendable, Equatable {
    /// A value as the JSON form writes it; the text form writes all of them as text.
    package enum Value: Sendable, Equatable {
        /// A string in JSON.
        case text(String)
        /// A number in JSON.
        case integer(Int64)
        /// `true` or `false` in both forms.
        case boolean(Bool)
    }

    /// The name before the `=`, or of the member in JSON.
    package let key: String
    /// What is said under that name.
    package let value: Value

    /// A field with text.
    package init(_ key: String, _ text: String) {
        self.key = key
        value = .text(text)
    }

    /// A field with an integer; its unit, if it has one, belongs in the key (`port`, `bytes`, `attempts`).
    package init(_ key: String, _ number: some BinaryInteger) {
        self.key = key
        value = .integer(Int64(clamping: number))
    }

    /// A field with `true` or `false`.
    package init(_ key: String, _ flag: Bool) {
        self.key = key
        value = .boolean(flag)
    }

    /// A field with a duration in Go's form, such as `48m0s`.
    package init(_ key: String, _ duration: Duration) {
        self.init(key, duration.goText)
    }

    /// A field with the description of an error, a name or a point in time.
    package init(_ key: String, describing value: some CustomStringConvertible) {
        self.init(key, value.description)
    }

    /// The field `error` with an error's one-line description.
    package init(_ error: some Error) {
        self.init("error", "\(error)")
    }
}
