/// Goes over a document once, from its first byte to its last.
struct XMLReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var elementCount = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(XMLError) -> XMLElement {
        // A byte order mark is allowed (XML 1.0 section 4.3.3).
        _ = take([0xEF, 0xBB, 0xBF])
        if take("<?xml".utf8) { try declaration() }
        skipSpace()
        guard take(Self.open) else { throw malformed }
        let root = try element(depth: 1)
        skipSpace()
        guard offset == bytes.count else { throw malformed }
        return root
    }

    /// Reads an element whose `<` has been taken.
    private mutating func element(depth: Int) throws(XMLError) -> XMLElement {
        elementCount += 1
        guard depth <= XMLElement.maxDepth, elementCount <= XMLElement.maxElements else { throw .tooComplex }
        let name = try self.name()
        if try attributesAndEnd() { return XMLElement(name: name, text: "", children: []) }
        var text: [UInt8] = []
        var children: [XMLElement] = []
        while true {
            appendPlain(to: &text)
            guard offset < bytes.count else { throw malformed }
            if take("</".utf8) {
                guard try self.name() == name else { throw malformed }
                skipSpace()
                guard take(Self.close) else { throw malformed }
                return XMLElement(name: name, text: Self.trim(text), children: children)
            } else if take(Self.open) {
                children.append(try element(depth: depth + 1))
            } else {
                // XML 1.0 section 2.4: outside CDATA its end means nothing.
                guard !bytes[offset...].starts(with: "]]>".utf8) else { throw malformed }
                try appendCharacter(to: &text)
            }
        }
    }

    /// Checks the declaration, which may say only that this is XML 1.0 in UTF-8 (XML 1.0 section 2.8).
    private mutating func declaration() throws(XMLError) {
        let attributes = try attributes()
        guard take("?>".utf8) else { throw malformed }
        let names = attributes.map(\.name)
        guard names.first == "version",
            names == ["version", "encoding", "standalone"].filter(names.contains),
            attributes.allSatisfy({ Self.declared[$0.name]?.contains($0.value) ?? false })
        else { throw malformed }
    }

    private static let declared = [
        "version": ["1.0"], "encoding": ["UTF-8", "utf-8"], "standalone": ["yes", "no"],
    ]

    /// Steps over attributes and the tag's end; whether the element ends with it (`/>`).
    private mutating func attributesAndEnd() throws(XMLError) -> Bool {
        _ = try attributes()
        if take(Self.close) { return false }
        guard take("/>".utf8) else { throw malformed }
        return true
    }

    /// Takes attributes, each with white space before it, and the white space after them.
    private mutating func attributes() throws(XMLError) -> [(name: String, value: String)] {
        var attributes: [(name: String, value: String)] = []
        while true {
            let before = offset
            skipSpace()
            guard offset < bytes.count, Self.isNameByte(bytes[offset], isFirst: true) else {
                return attributes
            }
            guard offset > before else { throw malformed }
            let name = try name()
            // XML 1.0 section 3.1: a name stands once.
            guard !attributes.contains(where: { $0.name == name }),
                attributes.count < XMLElement.maxAttributes
            else { throw malformed }
            skipSpace()
            guard take(UInt8(ascii: "=")) else { throw malformed }
            skipSpace()
            attributes.append((name, try quoted()))
        }
    }

    /// Takes a value in quotes of either kind.
    private mutating func quoted() throws(XMLError) -> String {
        guard offset < bytes.count else { throw malformed }
        let quote = bytes[offset]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw malformed }
        offset += 1
        var value: [UInt8] = []
        while offset < bytes.count, bytes[offset] != Self.open {
            if take(quote) { return String(decoding: value, as: UTF8.self) }
            try appendCharacter(to: &value)
        }
        throw malformed
    }

    private mutating func name() throws(XMLError) -> String {
        let start = offset
        while offset < bytes.count, Self.isNameByte(bytes[offset], isFirst: offset == start) { offset += 1 }
        guard offset > start else { throw malformed }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Appends the bytes that are next up to one that may mean something.
    private mutating func appendPlain(to text: inout [UInt8]) {
        let run = bytes[offset...].prefix {
            $0 != Self.open && $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: "]") && $0 != 0x0D
        }
        text += run
        offset += run.count
    }

    /// Appends the character that is next, resolving a reference.
    private mutating func appendCharacter(to text: inout [UInt8]) throws(XMLError) {
        let byte = bytes[offset]
        guard byte == UInt8(ascii: "&") else {
            offset += 1
            // Each way to end a line is one line feed (XML 1.0 section 2.11).
            if byte == 0x0D { _ = take(0x0A) }
            text.append(byte == 0x0D ? 0x0A : byte)
            return
        }
        // The longest reference is `&#x10FFFF;`; zeros before it are not expected of anybody.
        let window = bytes[(offset + 1)...].prefix(10)
        guard let end = window.firstIndex(of: UInt8(ascii: ";")),
            let scalar = Self.scalar(String(decoding: window[..<end], as: UTF8.self))
        else { throw malformed }
        text.append(contentsOf: String(scalar).utf8)
        offset = end + 1
    }

    private static func scalar(_ reference: String) -> Unicode.Scalar? {
        switch reference {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let isHexadecimal = reference.hasPrefix("#x")
            guard reference.hasPrefix("#") else { return nil }
            let digits = reference.dropFirst(isHexadecimal ? 2 : 1)
            // Swift's own parser takes a sign.
            guard digits.first?.isHexDigit ?? false,
                let scalar = UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init),
                isCharacter(scalar)
            else { return nil }
            return scalar
        }
    }

    /// `Char` of XML 1.0 section 2.2.
    static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: true
        case 0..<0x20, 0xFFFE, 0xFFFF: false
        default: true
        }
    }

    private mutating func skipSpace() {
        while offset < bytes.count, Self.isSpace(bytes[offset]) { offset += 1 }
    }

    private mutating func take(_ expected: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == expected else { return false }
        offset += 1
        return true
    }

    private mutating func take(_ expected: some Collection<UInt8>) -> Bool {
        guard bytes[offset...].starts(with: expected) else { return false }
        offset += expected.count
        return true
    }

    private var malformed: XMLError { .malformed(offset: offset) }

    private static let open = UInt8(ascii: "<")
    private static let close = UInt8(ascii: ">")

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// The ASCII part of XML's names; AWS uses no other.
    private static func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"):
            !isFirst
        default: false
        }
    }

    private static func trim(_ text: [UInt8]) -> String {
        let start = text.firstIndex { !isSpace($0) } ?? text.endIndex
        let end = text.lastIndex { !isSpace($0) } ?? text.endIndex
        return start < text.endIndex ? String(decoding: text[start...end], as: UTF8.self) : ""
    }
}
