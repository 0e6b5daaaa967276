package import GTokenCore

extension JSONValue {
    /// The value over several lines, each scalar as written, so that committed files give readable diffs.
    package func pretty(indentation: String = "") -> String {
        let inner = indentation + "  "
        let items: [String]
        if isObject {
            items = members.map { member in
                var name = JSONWriter()
                name.value(member.name)
                let value = member.value.pretty(indentation: inner)
                return "\(String(decoding: name.bytes, as: UTF8.self)): \(value)"
            }
        } else if isArray {
            items = elements.map { $0.pretty(indentation: inner) }
        } else {
            return String(decoding: rawBytes, as: UTF8.self)
        }
        let (opening, closing) = isObject ? ("{", "}") : ("[", "]")
        guard !items.isEmpty else { return opening + closing }
        return "\(opening)\n\(inner)" + items.joined(separator: ",\n\(inner)") + "\n\(indentation)\(closing)"
    }
}
