import GTokenCore

/// A value in Terraform's language, written the way `terraform fmt` leaves it.
indirect enum HCLValue: Sendable {
    /// A text.
    case text(String)
    /// What is written as it stands: a number, a reference.
    case verbatim(String)
    /// A tuple, an element a line where there are several.
    case list([HCLValue])
    /// An object, a member a line.
    case object([HCLMember])
    /// A function of one value.
    case call(String, HCLValue)

    /// Texts.
    static func texts(_ texts: [String]) -> HCLValue { .list(texts.map { .text($0) }) }

    /// An object whose keys are data.
    static func map(_ entries: some Sequence<(key: String, value: HCLValue)>) -> HCLValue {
        .object(entries.map { HCLMember(key: .quoted($0.key), value: $0.value) })
    }

    /// An object of texts, in the order of its keys.
    static func map(_ texts: [String: String]) -> HCLValue {
        map(texts.sorted { $0.key < $1.key }.map { (key: $0.key, value: .text($0.value)) })
    }

    /// A JSON value; `replacing` may put something in the place of a text, by the name of the member that it stands under.
    init(
        _ json: JSONValue,
        under name: String = "",
        replacing: (String, String) -> HCLValue? = { _, _ in nil }
    ) {
        switch json.kind {
        case .object:
            self = .map(
                json.members.map {
                    (key: $0.name, value: HCLValue($0.value, under: $0.name, replacing: replacing))
                }
            )
        case .array: self = .list(json.elements.map { HCLValue($0, under: name, replacing: replacing) })
        case .string:
            let text = json.string() ?? ""
            self = replacing(name, text) ?? .text(text)
        case .number, .boolean, .null: self = .verbatim(String(decoding: json.rawBytes, as: UTF8.self))
        }
    }

    /// The value; lines after the first are indented by `margin`.
    func written(margin: String = "") -> String {
        let inner = margin + "  "
        switch self {
        case .text(let text): return HCLText.quoted(text)
        case .verbatim(let text): return text
        case .call(let function, let value): return "\(function)(\(value.written(margin: margin)))"
        case .list(let elements):
            guard elements.count > 1 || elements.contains(where: \.isObject) else {
                return "[\(elements.map { $0.written(margin: margin) }.joined())]"
            }
            let lines = elements.map { "\(inner)\($0.written(margin: inner)),\n" }
            return "[\n\(lines.joined())\(margin)]"
        case .object(let members):
            return members.isEmpty ? "{}" : "{\n\(members.written(margin: inner))\(margin)}"
        }
    }

    private var isObject: Bool {
        if case .object = self { true } else { false }
    }
}

/// A member of an object, or an attribute of a block.
struct HCLMember: Sendable {
    enum Key: Sendable {
        /// A name of the language.
        case name(String)
        /// Any text.
        case quoted(String)
    }

    let key: Key
    let value: HCLValue

    init(key: Key, value: HCLValue) { (self.key, self.value) = (key, value) }

    init(_ name: String, _ value: HCLValue) { self.init(key: .name(name), value: value) }

    fileprivate var keyText: String {
        switch key {
        case .name(let name): name
        case .quoted(let text): HCLText.quoted(text)
        }
    }

    fileprivate var keyWidth: Int {
        switch key {
        case .name(let name): name.count
        case .quoted(let text): HCLText.quotedWidth(text)
        }
    }
}

extension [HCLMember] {
    /// A line each, or several; the equals signs of neighbours on one line stand below each other.
    func written(margin: String) -> String {
        var text = ""
        var neighbours: [(member: HCLMember, value: String)] = []
        func endNeighbours() {
            let width = neighbours.map(\.member.keyWidth).max() ?? 0
            for (member, value) in neighbours {
                let gap = String(repeating: " ", count: width - member.keyWidth)
                text += "\(margin)\(member.keyText)\(gap) = \(value)\n"
            }
            neighbours = []
        }
        for member in self {
            let value = member.value.written(margin: margin)
            if value.contains("\n") {
                endNeighbours()
                text += "\(margin)\(member.keyText) = \(value)\n"
            } else {
                neighbours.append((member, value))
            }
        }
        endNeighbours()
        return text
    }
}
