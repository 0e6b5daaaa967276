import GTokenCore

/// What came of one check, as it is shown.
struct CheckResult: Sendable, Equatable {
    /// How it is.
    enum State: String, Sendable {
        case ok
        /// It may be well, or not be for long.
        case warning
        case failed
        case skipped
    }

    /// What was looked at, such as `trust policy`.
    let name: String
    let state: State
    /// What was found, or why not; one line.
    let detail: String
    /// What to do about it.
    let hint: String?
}

/// Checks about one thing: a cluster, the webhook, a binding.
struct CheckedSection: Sendable {
    let title: String
    let results: [CheckResult]

    var isWell: Bool { !results.contains { $0.state == .failed } }
}

/// What a check that went well hands to those that need it.
struct CheckOutcome<Value: Sendable>: Sendable {
    let value: Value
    /// What was found, for people.
    let detail: String
    /// Set where it works, but somebody should look.
    var isWarning = false
    var hint: String?

    static func ok(_ value: Value, _ detail: String) -> CheckOutcome {
        CheckOutcome(value: value, detail: detail)
    }

    static func warning(_ value: Value, _ detail: String, hint: String) -> CheckOutcome {
        CheckOutcome(value: value, detail: detail, isWarning: true, hint: hint)
    }
}

/// Why something is not well.
struct CheckFailure: Error {
    let reason: String
    let hint: String

    init(_ reason: String, hint: String) { (self.reason, self.hint) = (reason, hint) }
}

/// Why something was not looked at.
struct CheckSkipped: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
