import GTokenCore

/// A JSON value in YAML's block style, the way people read Kubernetes objects.
enum YAMLText {
    /// The value's lines, each indented by `indentation` spaces.
    static func lines(_ value: JSONValue, indentation: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indentation)
        if value.isObject {
            let lines = value.members.flatMap { member in
                entry("\(margin)\(scalar(member.name)):", member.value, indentation: indentation + 2)
            }
            return lines.isEmpty ? ["\(margin){}"] : lines
        }
        if value.isArray {
            let lines = value.elements.flatMap { element -> [String] in
                var lines = Self.lines(element, indentation: indentation + 2)
                lines[0] = margin + "- " + lines[0].dropFirst(indentation + 2)
                return lines
            }
            return lines.isEmpty ? ["\(margin)[]"] : lines
        }
        return [margin + text(value)]
    }

    private static func entry(_ key: String, _ value: JSONValue, indentation: Int) -> [String] {
        let isNested = value.elements.contains { _ in true } || value.members.contains { _ in true }
        guard isNested else { return ["\(key) \(lines(value)[0])"] }
        // A list stands under its key without a further step to the right, as kubectl prints it.
        return [key] + lines(value, indentation: value.isArray ? indentation - 2 : indentation)
    }

    private static func text(_ value: JSONValue) -> String {
        guard let text = value.string() else { return String(decoding: value.rawBytes, as: UTF8.self) }
        return scalar(text)
    }

    /// A string, quoted as JSON (which YAML reads) unless it can be nothing but a string.
    private static func scalar(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"): true
            default: false
            }
        }
        let first = text.utf8.first ?? 0
        let startsAsText =
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20) || first == UInt8(ascii: "/")
        let isWord = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
        if plain, startsAsText, !isWord, text.utf8.last != UInt8(ascii: ":") { return text }
        var writer = JSONWriter()
        writer.value(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
