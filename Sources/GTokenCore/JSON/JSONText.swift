/// Strings of a checked document, which are still as they were written.
enum JSONText {
    /// The text of the string at an offset, its escapes resolved; `nil` where another kind of value stands.
    static func string(_ bytes: Span<UInt8>, at start: Int) -> String? {
        guard bytes[start] == .quote else { return nil }
        let (end, hasEscapes) = JSONScan.stringEnd(bytes, start)
        return decode(bytes, start..<end, hasEscapes: hasEscapes)
    }

    /// Whether a string with exactly this text stands at an offset, whichever way it is escaped.
    static func isString(_ bytes: Span<UInt8>, at start: Int, _ text: String) -> Bool {
        guard bytes[start] == .quote else { return false }
        let (end, hasEscapes) = JSONScan.stringEnd(bytes, start)
        return equals(text, bytes, from: start + 1, to: end - 1, hasEscapes: hasEscapes)
    }

    /// The same for a constant that needs no escapes.
    @inline(__always)
    static func isString(_ bytes: Span<UInt8>, at start: Int, _ text: StaticString) -> Bool {
        guard bytes[start] == .quote else { return false }
        let end = start &+ 1 &+ text.utf8CodeUnitCount
        if end < bytes.count, bytes[end] == .quote, JSONScan.starts(with: text, bytes, at: start &+ 1) {
            return true
        }
        return differsByEscape(bytes, at: start, text) && isEscapedString(bytes, at: start, text)
    }

    @inline(never)
    private static func isEscapedString(_ bytes: Span<UInt8>, at start: Int, _ text: StaticString) -> Bool {
        isString(bytes, at: start, "\(text)")
    }

    /// Whether a string that begins with this constant stands at an offset; decodes only what has an escape in it.
    @inline(__always)
    static func hasPrefix(_ bytes: Span<UInt8>, at start: Int, _ prefix: StaticString) -> Bool {
        guard bytes[start] == .quote else { return false }
        if JSONScan.starts(with: prefix, bytes, at: start &+ 1) { return true }
        return differsByEscape(bytes, at: start, prefix) && hasEscapedPrefix(bytes, at: start, prefix)
    }

    @inline(never)
    private static func hasEscapedPrefix(
        _ bytes: Span<UInt8>,
        at start: Int,
        _ prefix: StaticString
    ) -> Bool {
        string(bytes, at: start)?.utf8.starts(with: "\(prefix)".utf8) ?? false
    }

    /// Whether the first byte of a string that a constant has not is a backslash, so that the texts may be equal.
    @inline(__always)
    private static func differsByEscape(_ bytes: Span<UInt8>, at start: Int, _ text: StaticString) -> Bool {
        var count = 0
        // There is one: where the string ends, its quote differs from all that a constant has.
        while count < text.utf8CodeUnitCount {
            guard unsafe bytes[start &+ 1 &+ count] == text.utf8Start[count] else { break }
            count &+= 1
        }
        return bytes[start &+ 1 &+ count] == .backslash
    }

    /// The text of a string, which stands at `range` with its quotes, its escapes resolved.
    static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>, hasEscapes: Bool) -> String {
        let written = range.lowerBound + 1..<range.upperBound - 1
        if hasEscapes { return String(decoding: unescape(copy(bytes, written)[...]), as: UTF8.self) }
        return unsafe bytes.withUnsafeBufferPointer {
            unsafe String(decoding: UnsafeBufferPointer(rebasing: $0[written]), as: UTF8.self)
        }
    }

    private static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { unsafe Array($0[range]) }
    }

    /// Whether the content of a string, from its first byte to just past its last, has the text `text`.
    static func equals(
        _ text: String,
        _ bytes: Span<UInt8>,
        from start: Int,
        to end: Int,
        hasEscapes: Bool
    ) -> Bool {
        if hasEscapes {
            // An escape has six bytes for one at most: what is longer is another text, and not worth decoding.
            guard end - start <= 6 * text.utf8.count else { return false }
            return unescape(copy(bytes, start..<end)[...]).elementsEqual(text.utf8)
        }
        guard text.utf8.count == end - start else { return false }
        var text = text
        return text.withUTF8 { utf8 in
            var index = 0
            while index < utf8.count {
                guard unsafe bytes[start &+ index] == utf8[index] else { return false }
                index &+= 1
            }
            return true
        }
    }

    /// Whether a quoted string as written has the text `text`.
    static func isQuoted(_ quoted: ArraySlice<UInt8>, equalTo text: String) -> Bool {
        let content = quoted.dropFirst().dropLast()
        guard content.contains(.backslash) else { return content.elementsEqual(text.utf8) }
        return unescape(content).elementsEqual(text.utf8)
    }

    /// Resolves the escapes of RFC 8259 section 7 in a string's checked content.
    private static func unescape(_ written: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(written.count)
        var offset = written.startIndex
        while offset < written.endIndex {
            guard written[offset] == .backslash else {
                text.append(written[offset])
                offset += 1
                continue
            }
            switch written[offset + 1] {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                offset += appendScalar(of: written, at: offset, to: &text)
                continue
            case let other: text.append(other)
            }
            offset += 2
        }
        return text
    }

    /// Appends the character of the `\u` escape or escape pair at `offset`; answers the bytes it took.
    private static func appendScalar(
        of written: ArraySlice<UInt8>,
        at offset: Int,
        to text: inout [UInt8]
    ) -> Int {
        func unit(_ at: Int) -> UInt32 {
            written[at + 2..<at + 6].reduce(0) { $0 << 4 | UInt32($1.hexDigitValue ?? 0) }
        }
        var value = unit(offset)
        var length = 6
        if value & 0xFC00 == 0xD800 {
            value = 0x10000 + (value & 0x3FF) << 10 + unit(offset + 6) & 0x3FF
            length = 12
        }
        // Invariant: the check refused halves of surrogate pairs, so this is a Unicode scalar.
        text.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
        return length
    }
}
