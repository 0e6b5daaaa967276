@testable import GTokenCore

/// Whether a value is still there, byte for byte, in a value that something was added to.
enum Survival {
    static func survives(_ old: JSONValue, in new: JSONValue) -> Bool {
        if old.rawBytes == new.rawBytes { return true }
        switch old.kind {
        // What is null counts as absent, so it may be filled.
        case .null: return true
        case .object: return new.isObject && membersSurvive(Array(old.members), Array(new.members))
        case .array: return new.isArray && elementsSurvive(Array(old.elements), Array(new.elements))
        case .string, .number, .boolean: return false
        }
    }

    /// The old members come first, in their order and with their names as written.
    private static func membersSurvive(_ old: [JSONMember], _ new: [JSONMember]) -> Bool {
        let isRestartable = old.contains { $0.isNamed("name") && $0.value.isString("update-gcp-id-token") }
        return old.count <= new.count
            && zip(old, new).allSatisfy { old, new in
                guard old.rawName == new.rawName else { return false }
                // Our own container, from which something took what makes it a native sidecar.
                if isRestartable, old.isNamed("restartPolicy"), new.value.isString("Always") { return true }
                return survives(old.value, in: new.value)
            }
    }

    /// The old elements are side by side and in their order; the new ones stand before or behind them.
    private static func elementsSurvive(_ old: [JSONValue], _ new: [JSONValue]) -> Bool {
        guard old.count <= new.count else { return false }
        return (0...new.count - old.count).contains { shift in
            zip(old, new.dropFirst(shift)).allSatisfy { survives($0, in: $1) }
        }
    }
}
