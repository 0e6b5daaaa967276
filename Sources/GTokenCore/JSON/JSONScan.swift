/// Steps over values of a document that has already been checked.
enum JSONScan {
    /// Whether these bytes stand at an offset.
    ///
    /// Compared with a constant, which becomes part of the code, eight bytes at a step.
    @inline(__always)
    static func starts(with text: StaticString, _ bytes: Span<UInt8>, at start: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count &- start >= count else { return false }
        let (text, raw) = unsafe (UnsafeRawPointer(text.utf8Start), bytes.bytes)
        var index = 0
        // Invariant: a start is never negative, and the guard above is the upper bound.
        while index &+ 8 <= count {
            let word = unsafe raw.unsafeLoadUnaligned(
                fromUncheckedByteOffset: start &+ index,
                as: UInt64.self
            )
            guard unsafe word == text.loadUnaligned(fromByteOffset: index, as: UInt64.self) else {
                return false
            }
            index &+= 8
        }
        while index < count {
            let byte = unsafe raw.unsafeLoad(fromUncheckedByteOffset: start &+ index, as: UInt8.self)
            guard unsafe byte == text.load(fromByteOffset: index, as: UInt8.self) else { return false }
            index &+= 1
        }
        return true
    }

    /// Just past the string whose opening quote stands at `start`, and whether it has a backslash.
    @inline(__always)
    static func stringEnd(_ bytes: Span<UInt8>, _ start: Int) -> (end: Int, hasEscapes: Bool) {
        let stop = JSONBytes.skipToQuoteOrBackslash(bytes, start &+ 1)
        // Invariant: the document was checked, so a closing quote follows.
        if bytes[stop] == .quote { return (stop &+ 1, false) }
        return (endPastEscapes(bytes, stop), true)
    }

    @inline(never)
    private static func endPastEscapes(_ bytes: Span<UInt8>, _ backslash: Int) -> Int {
        var offset = backslash
        while true {
            switch bytes[offset] {
            case .quote: return offset + 1
            case .backslash: offset += 2
            default: offset = JSONBytes.skipToQuoteOrBackslash(bytes, offset)
            }
        }
    }

    /// Just past the string, number or literal that starts at `start`.
    @inline(__always)
    static func scalarEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        bytes[start] == .quote ? stringEnd(bytes, start).end : wordEnd(bytes, start)
    }

    /// Just past a number or literal.
    private static func wordEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            switch bytes[offset] {
            case .comma, .closeBrace, .closeBracket, 0x20, 0x0A, 0x0D, 0x09: return offset
            default: offset += 1
            }
        }
        return offset
    }

    /// From a value's end to the first byte of the next value or name, past white space and one comma.
    @inline(__always)
    static func nextItem(_ bytes: Span<UInt8>, after end: Int) -> Int {
        let offset = JSONBytes.skipSpace(bytes, end)
        return bytes[offset] == .comma ? JSONBytes.skipSpace(bytes, offset + 1) : offset
    }
}
