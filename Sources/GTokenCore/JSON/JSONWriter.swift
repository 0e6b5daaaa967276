/// Writes one compact JSON text.
///
/// Commas and quotes are its business; that names stand in objects and values where one is due is the
/// caller's, and follows from using the closures:
///
///     var writer = JSONWriter()
///     writer.object { object in
///         object.member("name", "gtoken-volume")
///         object.member("emptyDir") { $0.object { $0.member("medium", "Memory") } }
///     }
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Makes a writer with nothing written.
    public init() {}

    /// A writer with room for so many bytes, for texts whose length is roughly known.
    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Writes an object whose members `body` writes.
    public mutating func object<Failure>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try enclose(.openBrace, .closeBrace, body)
    }

    /// Writes an array whose values `body` writes.
    public mutating func array<Failure>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try enclose(.openBracket, .closeBracket, body)
    }

    /// Writes a string.
    public mutating func value(_ text: String) {
        separate()
        appendQuoted(text)
    }

    /// Writes an integer.
    public mutating func value(_ number: Int64) { raw(String(number).utf8) }

    /// Writes an integer.
    public mutating func value(_ number: Int) { raw(String(number).utf8) }

    /// Writes `true` or `false`.
    public mutating func value(_ boolean: Bool) { raw((boolean ? "true" : "false").utf8) }

    /// Writes `null`.
    public mutating func null() { raw("null".utf8) }

    /// Writes bytes that are one JSON value already.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Writes a member's name; its value is due next.
    public mutating func name(_ name: String) {
        separate()
        appendQuoted(name)
        bytes.append(.colon)
        needsComma = false
    }

    /// Writes a member's name that is quoted already.
    mutating func rawName(_ quoted: ArraySlice<UInt8>) {
        raw(quoted)
        bytes.append(.colon)
        needsComma = false
    }

    /// Writes a member with the value that `body` writes.
    public mutating func member<Failure>(
        _ name: String,
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        self.name(name)
        try body(&self)
    }

    /// Writes a member with a string.
    public mutating func member(_ name: String, _ text: String) {
        self.name(name)
        value(text)
    }

    /// Writes a member with an integer.
    public mutating func member(_ name: String, _ number: Int64) {
        self.name(name)
        value(number)
    }

    /// Writes a member with an integer.
    public mutating func member(_ name: String, _ number: Int) {
        self.name(name)
        value(number)
    }

    /// Writes a member with `true` or `false`.
    public mutating func member(_ name: String, _ boolean: Bool) {
        self.name(name)
        value(boolean)
    }

    private mutating func enclose<Failure>(
        _ opening: UInt8,
        _ closing: UInt8,
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        separate()
        bytes.append(opening)
        needsComma = false
        try body(&self)
        bytes.append(closing)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(.comma) }
        needsComma = true
    }

    private mutating func appendQuoted(_ text: String) { Self.appendQuoted(text, to: &bytes) }

    /// Appends a string with its quotes.
    static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(.quote)
        var text = text
        text.withUTF8 { utf8 in
            if JSONBytes.isShortAndPlain(unsafe utf8.span) { return unsafe bytes.append(contentsOf: utf8) }
            var offset = 0
            while offset < utf8.count {
                // Hardly any text has something to escape: whole runs are found and copied at once.
                let stop = JSONBytes.skipPlain(unsafe utf8.span, offset)
                unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[offset..<stop]))
                if stop < utf8.count { appendEscaped(unsafe utf8[stop], to: &bytes) }
                offset = stop + 1
            }
        }
        bytes.append(.quote)
    }

    /// Appends a byte of a string, escaped where RFC 8259 section 7 asks for it.
    private static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case .quote, .backslash:
            bytes.append(.backslash)
            bytes.append(byte)
        case 0..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(hexDigit(byte >> 4))
            bytes.append(hexDigit(byte & 0xF))
        default:
            bytes.append(byte)
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? .zero + value : UInt8(ascii: "a") + value - 10
    }
}

extension [UInt8] {
    /// Appends a constant's bytes.
    mutating func append(_ text: StaticString) {
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
