/// What a ``JSONValue`` is.
public enum JSONKind: Sendable {
    /// Members with names, in braces.
    case object
    /// Values in order, in brackets.
    case array
    /// A text in quotes.
    case string
    /// A decimal number of any size.
    case number
    /// `true` or `false`.
    case boolean
    /// `null`.
    case null
}

/// One value of a ``JSONDocument``: a place in its bytes, which it keeps alive.
///
/// Reading is by kind: an accessor of another kind answers `nil`, never a converted value. Nothing is cached;
/// ``string()`` decodes at each call.
public struct JSONValue: Sendable {
    let storage: JSONStorage
    let place: JSONPlace
    private var offset: Int { place.offset }

    init(_ storage: JSONStorage, _ place: JSONPlace) {
        self.storage = storage
        self.place = place
    }

    /// Which of the six kinds of RFC 8259 section 3 this is.
    public var kind: JSONKind {
        switch storage.bytes[offset] {
        case .openBrace: .object
        case .openBracket: .array
        case .quote: .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// Whether this is `null`.
    public var isNull: Bool { storage.bytes[offset] == UInt8(ascii: "n") }

    /// Whether this is an object.
    public var isObject: Bool { storage.bytes[offset] == .openBrace }

    /// Whether this is an array.
    public var isArray: Bool { storage.bytes[offset] == .openBracket }

    /// The half-open range of offsets in the document's bytes that this value takes.
    public var range: Range<Int> { offset..<endOffset }

    /// The value exactly as written, without the white space around it.
    public var rawBytes: ArraySlice<UInt8> { storage.bytes[range] }

    /// The text of a string with its escapes resolved; `nil` when this is not a string.
    public func string() -> String? {
        let bytes = storage.bytes
        return JSONText.string(bytes.span, at: offset)
    }

    /// Whether this is a string with exactly this text; decodes nothing where the string has no escapes.
    public func isString(_ text: String) -> Bool {
        let bytes = storage.bytes
        return JSONText.isString(bytes.span, at: offset, text)
    }

    /// The truth value; `nil` when this is neither `true` nor `false`.
    public func boolean() -> Bool? {
        switch storage.bytes[offset] {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// The number as an integer; `nil` when this is not a number, is written with a fraction or an exponent,
    /// or does not fit 64 bits.
    public func integer() -> Int64? {
        guard kind == .number else { return nil }
        return Int64(String(decoding: rawBytes, as: UTF8.self))
    }

    /// The number as the nearest binary64; `nil` when this is not a number or is out of range.
    ///
    /// ``rawBytes`` has the number as written.
    public func number() -> Double? {
        guard kind == .number, let value = Double(String(decoding: rawBytes, as: UTF8.self)) else {
            return nil
        }
        return value.isFinite ? value : nil
    }

    /// Just past the value's last byte.
    var endOffset: Int {
        let bytes = storage.bytes
        return switch bytes[offset] {
        case .openBrace, .openBracket: Int(storage.containers[place.container].end)
        default: JSONScan.scalarEnd(bytes.span, offset)
        }
    }
}
