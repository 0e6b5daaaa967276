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
        skip(bytes, start, stops: notPlain) { byte in
            byte == .quote || byte == .backslash || byte < 0x20 || byte >= 0x80
        }
    }

    /// The offset of the first quote or backslash at or after `start`, in bytes already checked.
    @inline(__always)
    static func skipToQuoteOrBackslash(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        skip(bytes, start, stops: quotesOrBackslashes) { byte in
            byte == .quote || byte == .backslash
        }
    }

    /// Goes sixteen bytes at a step, which most strings are shorter than.
    @inline(__always)
    private static func skip(
        _ bytes: Span<UInt8>,
        _ start: Int,
        stops: (ByteBlock) -> SIMDMask<ByteBlock>,
        isStop: (UInt8) -> Bool
    ) -> Int {
        var offset = start
        while let block = bytes.load(ByteBlock.self, at: offset) {
            let found = stops(block).fourBitsEach
            if found != 0 { return offset &+ found.trailingZeroBitCount &>> 2 }
            offset &+= 16
        }
        while offset < bytes.count, !isStop(bytes[offset]) { offset += 1 }
        return offset
    }

    /// Whether a short text is plain: at least four bytes and at most sixteen, looked at together.
    @inline(__always)
    static func isShortAndPlain(_ text: Span<UInt8>) -> Bool {
        let count = text.count
        guard count <= 16, let first = text.load(UInt32.self, at: 0),
            let last = text.load(UInt32.self, at: count &- 4)
        else { return false }
        // Some of the bytes twice where there are fewer than sixteen.
        var words = SIMD4<UInt32>(first, last, first, last)
        if let second = text.load(UInt32.self, at: 4),
            let third = text.load(UInt32.self, at: max(0, count &- 8))
        {
            (words[2], words[3]) = (second, third)
        }
        return notPlain(ByteBlock(bytesOf: words)).fourBitsEach == 0
    }

    /// The offset of the first byte that is not plain, and that byte with the seven after it, the first lowest; `nil`
    /// where the document's end is near.
    @inline(__always)
    static func passPlain(_ bytes: Span<UInt8>, _ start: Int) -> (stop: Int, next: UInt64)? {
        var offset = start
        let raw = unsafe bytes.bytes
        while offset <= raw.byteCount &- 2 * MemoryLayout<ByteBlock>.size {
            // Invariant: an offset is never negative, and two blocks stand there.
            let block = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: ByteBlock.self)
            let found = notPlain(block).fourBitsEach
            if found != 0 {
                let stop = offset &+ found.trailingZeroBitCount &>> 2
                // Invariant: the stop is in the first block, and eight bytes are half of the second.
                let next = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: stop, as: UInt64.self)
                return (stop, UInt64(littleEndian: next))
            }
            offset &+= 16
        }
        return nil
    }

    @inline(__always)
    private static func notPlain(_ block: ByteBlock) -> SIMDMask<ByteBlock> {
        // With this bit turned over the quote is the next after the control characters; bytes of multibyte characters
        // are negative.
        let isPlain = (block ^ ByteBlock(all: 2)) .> ByteBlock(all: 0x20)
        return .!(isPlain .& (block .!= ByteBlock(all: .backslash)))
    }

    @inline(__always)
    private static func quotesOrBackslashes(_ block: ByteBlock) -> SIMDMask<ByteBlock> {
        (block .== ByteBlock(all: .quote)) .| (block .== ByteBlock(all: .backslash))
    }
}
