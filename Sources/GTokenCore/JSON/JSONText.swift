/// A string of a checked document, still with its escapes.
struct JSONText {
    let storage: JSONStorage
    let openingQuote: Int

    /// The text with its escapes resolved.
    var decoded: String {
        let bytes = storage.bytes
        let (end, hasEscapes) = JSONScan.stringEnd(bytes.span, openingQuote)
        let written = bytes[openingQuote + 1..<end - 1]
        return String(decoding: hasEscapes ? Self.unescape(written)[...] : written, as: UTF8.self)
    }

    /// Whether the text is `text`, whichever way it is escaped.
    func equals(_ text: String) -> Bool {
        let array = storage.bytes
        let bytes = array.span
        let (end, hasEscapes) = JSONScan.stringEnd(bytes, openingQuote)
        return Self.equals(text, bytes, from: openingQuote + 1, to: end - 1, hasEscapes: hasEscapes)
    }

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
            var written: [UInt8] = []
            for offset in start..<end { written.append(bytes[offset]) }
            return unescape(written[...]).elementsEqual(text.utf8)
        }
        guard text.utf8.count == end - start else { return false }
        var offset = start
        for byte in text.utf8 {
            if bytes[offset] != byte { return false }
            offset += 1
        }
        return true
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
