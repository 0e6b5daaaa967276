/// Why bytes are not the JSON that was asked for; offsets count bytes from the start of the document.
public enum JSONError: Error, Equatable, Sendable {
    /// The document ends where more was needed.
    case unexpectedEnd
    /// A byte that the grammar does not allow at this place.
    case unexpectedByte(UInt8, offset: Int)
    /// Bytes inside a string that are not UTF-8 (RFC 3629).
    case invalidUTF8(offset: Int)
    /// A backslash followed by something other than the escapes of RFC 8259 section 7.
    case invalidEscape(offset: Int)
    /// A `\u` escape for one half of a surrogate pair without the other.
    case loneSurrogate(offset: Int)
    /// A control character below U+0020 that stands unescaped in a string.
    case controlCharacter(offset: Int)
    /// A number outside RFC 8259 section 6, such as `01` or `1.`.
    case invalidNumber(offset: Int)
    /// Bytes after the end of the document's one value.
    case trailingBytes(offset: Int)
    /// Objects and arrays nested deeper than ``JSONLimits/maxDepth``.
    case tooDeep(limit: Int)
    /// More bytes than ``JSONLimits/maxBytes``.
    case tooLarge(limit: Int)
    /// More objects and arrays than ``JSONLimits/maxContainers``.
    case tooManyContainers(limit: Int)
    /// A member name that stands twice in one object where that would leave its meaning open.
    case duplicateMember(String)
}

extension JSONError: CustomStringConvertible {
    /// One lower-case line without any of the document's values.
    public var description: String {
        switch self {
        case .unexpectedEnd: "the JSON ends too early"
        case .unexpectedByte(let byte, let offset):
            "unexpected byte 0x\(String(byte, radix: 16)) at offset \(offset) of the JSON"
        case .invalidUTF8(let offset): "invalid UTF-8 at offset \(offset) of the JSON"
        case .invalidEscape(let offset): "invalid escape at offset \(offset) of the JSON"
        case .loneSurrogate(let offset): "half a surrogate pair at offset \(offset) of the JSON"
        case .controlCharacter(let offset): "unescaped control character at offset \(offset) of the JSON"
        case .invalidNumber(let offset): "invalid number at offset \(offset) of the JSON"
        case .trailingBytes(let offset): "the JSON goes on after its value, at offset \(offset)"
        case .tooDeep(let limit): "the JSON is nested deeper than \(limit) levels"
        case .tooLarge(let limit): "the JSON is larger than \(limit) bytes"
        case .tooManyContainers(let limit): "the JSON has more than \(limit) objects and arrays"
        case .duplicateMember(let name): "the member \"\(name.inOneLine)\" stands twice in one JSON object"
        }
    }
}
