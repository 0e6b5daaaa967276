/// How a statement's conditions hold a key that a token has one value of.
enum PinnedKey: Equatable {
    /// To one of these values; with a set operator or without.
    case exact([String], isSet: Bool)
    /// To a pattern.
    case pattern([String])
    /// Not, where the token does not have the key.
    case optional([String])
    /// Not at all.
    case not

    /// Reads the conditions of a statement; where several are about the key, all hold, so the strictest counts.
    init(_ key: String, in statement: PolicyStatement) {
        self = .not
        let key = key.lowercased()
        for condition in statement.conditions where condition.key.lowercased() == key {
            let found = Self(condition)
            if found.strictness > strictness { self = found }
        }
    }

    /// The values where they are exact; none else.
    var values: [String] {
        if case .exact(let values, _) = self { values } else { [] }
    }

    private init(_ condition: PolicyCondition) {
        var name = condition.operatorName[...]
        let isSet = name.hasPrefix("ForAnyValue:")
        // A key that is not there has no value that does not fit.
        let isVacuous = name.hasPrefix("ForAllValues:")
        if let colon = name.firstIndex(of: ":") { name = name[colon...].dropFirst() }
        let isOptional = name.hasSuffix("IfExists")
        if isOptional { name = name.dropLast("IfExists".utf8.count) }
        let isPattern: Bool
        switch name {
        case "StringEquals", "StringEqualsIgnoreCase":
            isPattern = condition.values.contains(where: Self.hasVariable)
        case "StringLike": isPattern = condition.values.contains(where: Self.isPattern)
        // What is unequal, absent or a number does not say who it is.
        default:
            self = .not
            return
        }
        if isOptional || isVacuous {
            self = .optional(condition.values)
        } else {
            self = isPattern ? .pattern(condition.values) : .exact(condition.values, isSet: isSet)
        }
    }

    private var strictness: Int {
        switch self {
        case .exact(let values, _): values.count == 1 ? 4 : 3
        case .pattern: 2
        case .optional: 1
        case .not: 0
        }
    }

    private static func isPattern(_ value: String) -> Bool {
        hasVariable(value)
            || withoutEscapes(value).contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }

    /// A variable may be the very key that it is compared with.
    private static func hasVariable(_ value: String) -> Bool {
        let bytes = withoutEscapes(value)
        return zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "$") && $1 == UInt8(ascii: "{") }
    }

    /// Without `${*}`, `${?}` and `${$}`, which stand for the character itself (IAM User Guide, "IAM policy elements:
    /// Variables and tags").
    private static func withoutEscapes(_ value: String) -> [UInt8] {
        var rest: [UInt8] = []
        for byte in value.utf8 {
            rest.append(byte)
            let tail = rest.suffix(4)
            guard tail.count == 4, byte == UInt8(ascii: "}"),
                tail.starts(with: [UInt8(ascii: "$"), UInt8(ascii: "{")]),
                let escaped = tail.dropFirst(2).first,
                [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "$")].contains(escaped)
            else { continue }
            rest.removeLast(4)
        }
        return rest
    }
}
