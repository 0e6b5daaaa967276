import GTokenCore

/// Conditions on an object's labels, all of which must hold.
struct LabelSelector: Equatable, Sendable {
    enum Condition: Equatable, Sendable {
        /// `key`
        case exists
        /// `!key`
        case isAbsent
        /// `key=a`, `key==a`, `key in (a,b)`
        case isOneOf(Set<String>)
        /// `key!=a`, `key notin (a,b)`; also where the label is absent.
        case isNoneOf(Set<String>)
    }

    struct Requirement: Equatable, Sendable {
        var key: String
        var condition: Condition
    }

    /// A text that is no selector.
    struct Mistake: Error, Equatable {
        var text: String
    }

    var requirements: [Requirement] = []

    init() {}

    /// Reads the form of `labelSelector`: requirements with commas between them.
    init(parsing text: String) throws(Mistake) {
        for part in Self.split(text) { requirements.append(try Self.requirement(part)) }
    }

    func matches(_ labels: JSONValue?) -> Bool {
        requirements.allSatisfy { requirement in
            let value = labels?[requirement.key]?.string()
            return switch requirement.condition {
            case .exists: value != nil
            case .isAbsent: value == nil
            case .isOneOf(let values): value.map(values.contains) ?? false
            case .isNoneOf(let values): !(value.map(values.contains) ?? false)
            }
        }
    }

    /// The parts between commas that stand in no parentheses.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var isInside = false
        for character in text {
            if character == "(" { isInside = true }
            if character == ")" { isInside = false }
            if character == ",", !isInside {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.map(trimmed).filter { !$0.isEmpty }
    }

    private static func requirement(_ part: String) throws(Mistake) -> Requirement {
        if part.hasPrefix("!") {
            return Requirement(key: try key(String(part.dropFirst())), condition: .isAbsent)
        }
        if let equal = part.firstIndex(of: "=") {
            var name = part[..<equal]
            var value = part[part.index(after: equal)...]
            let isNegated = name.last == "!"
            if isNegated { name.removeLast() }
            if !isNegated, value.first == "=" { value.removeFirst() }
            let values: Set = [trimmed(String(value))]
            return Requirement(
                key: try key(String(name)),
                condition: isNegated ? .isNoneOf(values) : .isOneOf(values)
            )
        }
        guard let open = part.firstIndex(of: "(") else {
            return Requirement(key: try key(part), condition: .exists)
        }
        let words = part[..<open].split(separator: " ")
        guard part.last == ")", words.count == 2, words[1] == "in" || words[1] == "notin" else {
            throw Mistake(text: part)
        }
        let list = part[part.index(after: open)...].dropLast()
        let values = Set(
            list.split(separator: ",", omittingEmptySubsequences: false).map { trimmed(String($0)) }
        )
        return Requirement(
            key: try key(String(words[0])),
            condition: words[1] == "in" ? .isOneOf(values) : .isNoneOf(values)
        )
    }

    private static func key(_ text: String) throws(Mistake) -> String {
        let key = trimmed(text)
        guard !key.isEmpty, key.utf8.allSatisfy({ isKeyByte($0) }) else { throw Mistake(text: text) }
        return key
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "/"):
            true
        default: false
        }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
