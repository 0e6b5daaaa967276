/// The strict check of one string: escapes, control characters and UTF-8 (RFC 8259 section 7, RFC 3629).
enum JSONStringChecker {
    /// Checks what is left of a string; answers the offset past its closing quote.
    static func checkRest(_ bytes: Span<UInt8>, from start: Int) throws(JSONError) -> Int {
        var offset = start
        while true {
            guard offset < bytes.count else { throw .unexpectedEnd }
            switch bytes[offset] {
            case .quote: return offset + 1
            case .backslash: offset = try checkEscape(bytes, at: offset)
            case 0..<0x20: throw .controlCharacter(offset: offset)
            case 0x80...: offset = try checkMultibyte(bytes, at: offset)
            default: offset = JSONBytes.skipPlain(bytes, offset)
            }
        }
    }

    private static func checkEscape(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) -> Int {
        guard start + 1 < bytes.count else { throw .unexpectedEnd }
        switch bytes[start + 1] {
        case .quote, .backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            let unit = try hexUnit(bytes, escapeAt: start)
            guard unit & 0xF800 == 0xD800 else { return start + 6 }
            // A high surrogate must be followed by the escape of a low one.
            guard unit < 0xDC00 else { throw .loneSurrogate(offset: start) }
            for (place, expected) in [(start + 6, UInt8.backslash), (start + 7, UInt8(ascii: "u"))] {
                guard place < bytes.count else { throw .unexpectedEnd }
                guard bytes[place] == expected else { throw .loneSurrogate(offset: start) }
            }
            let low = try hexUnit(bytes, escapeAt: start + 6)
            guard low & 0xFC00 == 0xDC00 else { throw .loneSurrogate(offset: start) }
            return start + 12
        default:
            throw .invalidEscape(offset: start)
        }
    }

    /// The UTF-16 code unit of the `\uXXXX` escape at `start`.
    private static func hexUnit(_ bytes: Span<UInt8>, escapeAt start: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for offset in start + 2..<start + 6 {
            guard offset < bytes.count else { throw .unexpectedEnd }
            guard let digit = bytes[offset].hexDigitValue else { throw .invalidEscape(offset: start) }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// One character of two to four bytes: no overlong forms, no surrogates, nothing past U+10FFFF.
    private static func checkMultibyte(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) -> Int {
        let lead = bytes[start]
        let length: Int
        let second: ClosedRange<UInt8>
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw .invalidUTF8(offset: start)
        }
        guard start + length <= bytes.count else { throw .unexpectedEnd }
        guard second.contains(bytes[start + 1]) else { throw .invalidUTF8(offset: start) }
        for offset in start + 2..<start + length where bytes[offset] & 0xC0 != 0x80 {
            throw .invalidUTF8(offset: start)
        }
        return start + length
    }
}
