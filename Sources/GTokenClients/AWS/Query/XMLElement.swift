/// One element of an answer in XML: a name, the text in it, the elements in it.
///
/// This reads what AWS's query APIs write, and no more: no document type, so no entities beyond the five of XML and
/// character references; no CDATA, comments or processing instructions but the declaration at the start; names in
/// ASCII; attributes are checked and stepped over. What is accepted is well-formed XML 1.0. Depth and size are
/// bounded.
struct XMLElement: Equatable {
    let name: String
    /// The text directly in the element, entities resolved, white space around it cut off.
    let text: String
    let children: [XMLElement]

    /// The largest document: answers of STS take a few kilobytes, a page of 100 roles with trust policies of 8 KB each
    /// in which every character is percent-encoded 2.4 MB.
    static let maxBytes = 4 << 20
    /// The deepest nesting; STS's is 4.
    static let maxDepth = 16
    /// The most attributes of one element; STS writes one, the namespace.
    static let maxAttributes = 16
    /// The most elements; a page of 1,000 policies has 12,000.
    static let maxElements = 32_768

    /// The first child of a name.
    subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// Reads a document.
    init(parsing bytes: [UInt8]) throws(XMLError) {
        guard bytes.count <= Self.maxBytes else { throw .tooLarge }
        guard let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy(XMLReader.isCharacter)
        else { throw .malformed(offset: 0) }
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
