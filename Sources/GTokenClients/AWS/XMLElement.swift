/// One element of an answer in XML: a name, the text in it, the elements in it.
///
/// This reads what AWS's query APIs write, and no more: no document type, so no entities beyond the five of XML and
/// character references; no CDATA, comments or processing instructions but the declaration at the start;
/// attributes are stepped over. Depth and size are bounded.
struct XMLElement: Equatable {
    let name: String
    /// The text directly in the element, entities resolved, white space around it cut off.
    let text: String
    let children: [XMLElement]

    /// The largest document: answers of STS take a few kilobytes.
    static let maxBytes = 256 * 1024
    /// The deepest nesting; STS's is 4.
    static let maxDepth = 16
    /// The most elements.
    static let maxElements = 1024

    /// The first child of a name.
    subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// Reads a document.
    init(parsing bytes: [UInt8]) throws(XMLError) {
        guard bytes.count <= Self.maxBytes else { throw .tooLarge }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .malformed(offset: 0) }
        var reader = XMLReader(bytes)
        self = try reader.document()
    }

    init(name: String, text: String, children: [XMLElement]) {
        self.name = name
        self.text = text
        self.children = children
    }
}

/// Why bytes are not such a document; offsets count bytes.
enum XMLError: Error, Equatable {
    /// Bytes that are not the XML that is read here.
    case malformed(offset: Int)
    /// More bytes than ``XMLElement/maxBytes``.
    case tooLarge
    /// Deeper than ``XMLElement/maxDepth``, or more elements than ``XMLElement/maxElements``.
    case tooComplex
}

/// Goes over a document once, from its first byte to its last.
private struct XMLReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var elementCount = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(XMLError) -> XMLElement {
        // A byte order mark is allowed (XML 1.0 section 4.3.3).
        _ = take([0xEF, 0xBB, 0xBF])
        if take(Array("<?xml".utf8)) {
            guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "?")) else { throw malformed }
            offset = end
            guard take(Array("?>".utf8)) else { throw malformed }
        }
        skipSpace()
        guard take([Self.open]) else { throw malformed }
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
            guard offset < bytes.count else { throw malformed }
            if take(Array("</".utf8)) {
                guard try self.name() == name else { throw malformed }
                skipSpace()
                guard take([Self.close]) else { throw malformed }
                return XMLElement(name: name, text: Self.trim(text), children: children)
            } else if take([Self.open]) {
                children.append(try element(depth: depth + 1))
            } else {
                try appendCharacter(to: &text)
            }
        }
    }

    /// Steps over attributes and the tag's end; whether the element ends with it (`/>`).
    private mutating func attributesAndEnd() throws(XMLError) -> Bool {
        while true {
            let before = offset
            skipSpace()
            if take([Self.close]) { return false }
            if take(Array("/>".utf8)) { return true }
            guard offset > before else { throw malformed }
            _ = try name()
            skipSpace()
            guard take([UInt8(ascii: "=")]) else { throw malformed }
            skipSpace()
            guard offset < bytes.count,
                bytes[offset] == UInt8(ascii: "\"") || bytes[offset] == UInt8(ascii: "'"),
                let end = bytes[(offset + 1)...].firstIndex(of: bytes[offset]),
                !bytes[offset..<end].contains(Self.open)
            else { throw malformed }
            offset = end + 1
        }
    }

    private mutating func name() throws(XMLError) -> String {
        let start = offset
        while offset < bytes.count, Self.isNameByte(bytes[offset], isFirst: offset == start) { offset += 1 }
        guard offset > start else { throw malformed }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Appends the character that is next, resolving a reference.
    private mutating func appendCharacter(to text: inout [UInt8]) throws(XMLError) {
        let byte = bytes[offset]
        guard byte == UInt8(ascii: "&") else {
            guard byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else { throw malformed }
            text.append(byte)
            offset += 1
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
                let value = UInt32(digits, radix: isHexadecimal ? 16 : 10),
                value >= 0x20 || [0x09, 0x0A, 0x0D].contains(value)
            else { return nil }
            return Unicode.Scalar(value)
        }
    }

    private mutating func skipSpace() {
        while offset < bytes.count, Self.isSpace(bytes[offset]) { offset += 1 }
    }

    private mutating func take(_ expected: [UInt8]) -> Bool {
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
