import GTokenCore
import GTokenRuntime

/// What a run did, or would do, about all objects.
struct SetupReport {
    /// In the order of a plan.
    let outcomes: [(object: ObjectID, outcome: SetupOutcome)]
    let cost: SetupCost?

    init(_ outcomes: [ObjectID: SetupOutcome], cost: SetupCost? = nil) {
        self.cost = cost
        self.outcomes = outcomes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The changes that were made, or would be.
    var changes: [ObjectChange] {
        outcomes.compactMap { if case .done(let change) = $0.outcome { change } else { nil } }
    }

    /// What went wrong.
    var failures: [(object: ObjectID, failure: SetupFailure)] {
        outcomes.compactMap { object, outcome in
            if case .failed(let error) = outcome { (object, SetupFailure(error)) } else { nil }
        }
    }

    /// What was not begun, and why.
    var unbegun: [(object: ObjectID, because: ObjectID?)] {
        outcomes.compactMap { object, outcome in
            switch outcome {
            case .skipped(let cause): (object, cause)
            case .stopped: (object, nil)
            case .done, .failed: nil
            }
        }
    }

    func count(_ action: ObjectChange.Action) -> Int { changes.count { $0.action == action } }

    /// The last line for people.
    func summary(isDryRun: Bool) -> String {
        let words: [(ObjectChange.Action, plan: String, done: String)] = [
            (.create, "to create", "created"), (.update, "to update", "updated"),
            (.delete, "to delete", "deleted"),
            (.keep, "unchanged", "unchanged"), (.leave, "left alone", "left alone"),
        ]
        var parts = words.filter { count($0.0) > 0 }.map { "\(count($0.0)) \(isDryRun ? $0.plan : $0.done)" }
        if !failures.isEmpty { parts.append("\(failures.count) failed") }
        if !unbegun.isEmpty { parts.append("\(unbegun.count) not begun") }
        return parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
    }

    /// How the tool ends.
    func exitCode(isDryRun: Bool) -> ExitCode {
        if let failure = failures.first?.failure { return failure.exitCode }
        if !unbegun.isEmpty { return .unavailable }
        return isDryRun && changes.contains(where: \.isChange) ? .changes : .done
    }

    /// One JSON document.
    func json(isDryRun: Bool) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.member("isDryRun", isDryRun)
            object.member("objects") { list in
                list.array { list in
                    for (id, outcome) in outcomes { Self.write(id, outcome, to: &list) }
                }
            }
            object.member("summary") { summary in
                summary.object { summary in
                    for action in [ObjectChange.Action.create, .update, .delete, .keep, .leave] {
                        summary.member(action.rawValue, count(action))
                    }
                    summary.member("failed", failures.count)
                    summary.member("notBegun", unbegun.count)
                }
            }
            if let cost {
                object.name("cost")
                cost.write(to: &object)
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    private static func write(_ id: ObjectID, _ outcome: SetupOutcome, to writer: inout JSONWriter) {
        writer.object { object in
            object.member("kind", id.kind.rawValue)
            object.member("name", id.name)
            switch outcome {
            case .done(let change):
                object.member("action", change.action.rawValue)
                object.member("details") { list in
                    list.array { list in
                        for detail in change.details { detail.write(to: &list) }
                    }
                }
            case .failed(let error):
                let failure = SetupFailure(error)
                object.member("error", failure.message)
                if let hint = failure.hint { object.member("hint", hint) }
            case .skipped(let cause): object.member("skippedBecause", "\(cause)")
            case .stopped: object.member("skippedBecause", "stopped")
            }
        }
    }
}

extension ObjectChange.Detail {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { object in
            switch self {
            case .add(let name, let value):
                object.member("add", name)
                object.member("value", value)
            case .remove(let name, let value):
                object.member("remove", name)
                object.member("value", value)
            case .change(let name, let from, let to):
                object.member("change", name)
                object.member("from", from)
                object.member("to", to)
            case .document(let name, let from, let to):
                object.member("change", name)
                for (member, document) in [("from", from), ("to", to)] {
                    guard let document else { continue }
                    object.name(member)
                    object.raw(document.root.rawBytes)
                }
            case .note(let text): object.member("note", text)
            }
        }
    }
}
