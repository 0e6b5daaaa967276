import GTokenCore

/// JSON on several lines, members in their order.
enum PrettyJSONText {
    /// The text, without a line feed at the end.
    static func text(_ value: JSONValue, indent: String = "") -> String {
        let inner = indent + "  "
        switch value.kind {
        case .object:
            let members = value.members.map { "\(inner)\(quoted($0.name)): \(text($0.value, indent: inner))" }
            return members.isEmpty ? "{}" : "{\n\(members.joined(separator: ",\n"))\n\(indent)}"
        case .array:
            let elements = value.elements.map { inner + text($0, indent: inner) }
            return elements.isEmpty ? "[]" : "[\n\(elements.joined(separator: ",\n"))\n\(indent)]"
        case .string: return quoted(value.string() ?? "")
        case .number, .boolean, .null: return String(decoding: value.rawBytes, as: UTF8.self)
        }
    }

    /// The text on one line.
    static func line(_ value: JSONValue) -> String {
        switch value.kind {
        case .object:
            "{\(value.members.map { "\(quoted($0.name)): \(line($0.value))" }.joined(separator: ", "))}"
        case .array: "[\(value.elements.map(line).joined(separator: ", "))]"
        case .string: quoted(value.string() ?? "")
        case .number, .boolean, .null: String(decoding: value.rawBytes, as: UTF8.self)
        }
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.value(text)
        return String(decoding: writer.bytes, as: UTF8.self).inOneLine
    }
}
