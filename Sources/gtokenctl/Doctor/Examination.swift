import GTokenCore
import GTokenRuntime

/// A part of the chain that was looked at: what others need of it, where it was well.
struct Checked<Value: Sendable>: Sendable {
    let name: String
    let value: Value?

    /// This and another, both of which a check needs.
    func and<Other: Sendable>(_ other: Checked<Other>) -> Checked<(Value, Other)> {
        guard let value else { return Checked<(Value, Other)>(name: name, value: nil) }
        return Checked<(Value, Other)>(name: other.name, value: other.value.map { (value, $0) })
    }
}

/// Runs checks one after the other, each only where what it needs was well, and keeps what came of them.
final class Examination: Sendable {
    private let title: String
    private let results = Locked<[CheckResult]>([])

    init(_ title: String) { self.title = title }

    /// What came of all.
    var section: CheckedSection { CheckedSection(title: title, results: results.withLock { $0 }) }

    /// Looks at something that needs nothing.
    @discardableResult
    func check<Value>(
        _ name: String,
        _ run: () async throws -> CheckOutcome<Value>
    ) async -> Checked<Value> {
        await check(name, after: Checked(name: name, value: ())) { _ in try await run() }
    }

    /// Looks at something that can be looked at only where something else was well.
    @discardableResult
    func check<Need, Value>(
        _ name: String,
        after need: Checked<Need>,
        _ run: (Need) async throws -> CheckOutcome<Value>
    ) async -> Checked<Value> {
        guard let needed = need.value else {
            note(name, .skipped, "because of: \(need.name)")
            return Checked(name: name, value: nil)
        }
        do {
            let outcome = try await run(needed)
            note(name, outcome.isWarning ? .warning : .ok, outcome.detail, outcome.hint)
            return Checked(name: name, value: outcome.value)
        } catch let failure as CheckFailure {
            note(name, .failed, failure.reason, failure.hint)
        } catch let skipped as CheckSkipped {
            note(name, .skipped, skipped.reason)
        } catch {
            let failure = ToolError(reading: error)
            note(name, .failed, failure.message, failure.hint)
        }
        return Checked(name: name, value: nil)
    }

    private func note(_ name: String, _ state: CheckResult.State, _ detail: String, _ hint: String? = nil) {
        let result = CheckResult(name: name, state: state, detail: detail.inOneLine, hint: hint?.inOneLine)
        results.withLock { $0.append(result) }
    }
}
