extension UInt8 {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let minus = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")

    var isDigit: Bool { self &- .zero < 10 }

    /// The value of `0-9`, `a-f`, `A-F`.
    var hexDigitValue: UInt8? {
        if isDigit { return self - .zero }
        let letter = (self | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }
}

/// Steps over runs of bytes, the inner loops of everything that reads JSON.
enum JSONBytes {
    /// The offset of the first byte at or after `start` that is not white space (RFC 8259 section 2).
    @inline(__always)
    static func skipSpace(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        // What programs send to each other has none.
        if start < bytes.count, bytes[start] > 0x20 { return start }
        return skipRunOfSpace(bytes, start)
    }

    @inline(never)
    private static func skipRunOfSpace(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return offset
            }
        }
        return offset
    }

    /// The offset of the first byte inside a string that is not plain: a quote, a backslash, a control
    /// character, or one of a multibyte character.
    @inline(__always)
    static func skipPlain(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        skip(bytes, start) { word in
            quotesOrBackslashes(word) | (word &- repeated(0x20)) | word
        } isStop: { byte in
            byte == .quote || byte == .backslash || byte < 0x20 || byte >= 0x80
        }
    }

    /// The offset of the first quote or backslash at or after `start`, in bytes already checked.
    @inline(__always)
    static func skipToQuoteOrBackslash(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        skip(bytes, start) { word in
            quotesOrBackslashes(word) & ~word
        } isStop: { byte in
            byte == .quote || byte == .backslash
        }
    }

    /// Goes eight bytes at a step.
    ///
    /// `stops` sets the high bit of each byte of a word at which to stop; it may set high bits above the first true
    /// one (a borrow runs upwards), never below it. Its other bits mean nothing.
    @inline(__always)
    private static func skip(
        _ bytes: Span<UInt8>,
        _ start: Int,
        stops: (UInt64) -> UInt64,
        isStop: (UInt8) -> Bool
    ) -> Int {
        var offset = start
        let raw = unsafe bytes.bytes
        while offset <= raw.byteCount &- 8 {
            // Invariant: a start is never negative, and the loop's condition is the upper bound.
            let word = unsafe UInt64(
                littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
            )
            let found = stops(word) & highBits
            if found != 0 { return offset &+ found.trailingZeroBitCount / 8 }
            offset &+= 8
        }
        while offset < bytes.count, !isStop(bytes[offset]) { offset += 1 }
        return offset
    }

    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101

    @inline(__always)
    private static func repeated(_ byte: UInt8) -> UInt64 { lowBits &* UInt64(byte) }

    /// Sets the high bit of each quote and backslash; also of bytes that have it set themselves.
    @inline(__always)
    private static func quotesOrBackslashes(_ word: UInt64) -> UInt64 {
        // One less than zero has the high bit, one less than another byte below 0x80 has not.
        ((word ^ repeated(.quote)) &- lowBits) | ((word ^ repeated(.backslash)) &- lowBits)
    }
}
