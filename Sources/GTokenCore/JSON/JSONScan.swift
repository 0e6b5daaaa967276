/// Steps over values of a document that has already been checked.
enum JSONScan {
    /// Just past the string whose opening quote stands at `start`, and whether it has a backslash.
    static func stringEnd(_ bytes: Span<UInt8>, _ start: Int) -> (end: Int, hasEscapes: Bool) {
        var offset = start + 1
        var hasEscapes = false
        while true {
            offset = JSONBytes.skipToQuoteOrBackslash(bytes, offset)
            // Invariant: the document was checked, so a closing quote follows.
            if bytes[offset] == .quote { return (offset + 1, hasEscapes) }
            hasEscapes = true
            offset += 2
        }
    }

    /// Just past the string, number or literal that starts at `start`.
    static func scalarEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        if bytes[start] == .quote { return stringEnd(bytes, start).end }
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
    static func nextItem(_ bytes: Span<UInt8>, after end: Int) -> Int {
        let offset = JSONBytes.skipSpace(bytes, end)
        return bytes[offset] == .comma ? JSONBytes.skipSpace(bytes, offset + 1) : offset
    }
}
