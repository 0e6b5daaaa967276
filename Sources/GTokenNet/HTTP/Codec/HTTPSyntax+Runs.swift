/// Steps over runs of bytes, eight at a time: a head's every byte goes through here.
extension HTTPSyntax {
    /// The offset of the first line feed at or after `start`; the end of the bytes when there is none.
    static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        skip(bytes, from: start, to: bytes.count) { word in
            zeros(word ^ repeated(lineFeed))
        } isStop: { byte in
            byte == lineFeed
        }
    }

    /// The offset of the first byte at or after `start` that no field value has, `end` when there is none.
    static func fieldValueEnd(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var offset = start
        while true {
            offset = skip(bytes, from: offset, to: end) { word in
                // Below a space, tabs among them, or DEL; bytes outside ASCII have the high bit and go on.
                ((word &- repeated(space)) & ~word) | zeros(word ^ repeated(0x7F))
            } isStop: { byte in
                byte < space || byte == 0x7F
            }
            guard offset < end, bytes[offset] == tab else { return offset }
            offset += 1
        }
    }

    /// The offset of the first byte at or after `start` that is not in the set, `end` when there is none.
    ///
    /// The set has all letters and the hyphen, of which names are made: those go fast.
    static func runEnd(of set: ASCIISet, _ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var offset = start
        while true {
            offset = skip(bytes, from: offset, to: end) { word in
                // Anything but letters and hyphens; each sum stays within its byte.
                let letters = (word | repeated(0x20)) & repeated(0x7F)
                let fromA = letters &+ repeated(0x80 - UInt8(ascii: "a"))
                let beyondZ = letters &+ repeated(0x7F - UInt8(ascii: "z"))
                let noHyphen = ((word ^ repeated(UInt8(ascii: "-"))) & repeated(0x7F)) &+ repeated(0x7F)
                return word | (~fromA | beyondZ) & noHyphen
            } isStop: { byte in
                !set.contains(byte)
            }
            guard offset < end, set.contains(bytes[offset]) else { return offset }
            offset += 1
        }
    }

    /// The offset of the first byte at which to stop, `end` when there is none.
    ///
    /// `stops` sets the high bit of each byte of a word at which to stop; it may set high bits above the first true
    /// one (a borrow runs upwards), never below it. Its other bits mean nothing.
    @inline(__always)
    private static func skip(
        _ bytes: Span<UInt8>,
        from start: Int,
        to end: Int,
        stops: (UInt64) -> UInt64,
        isStop: (UInt8) -> Bool
    ) -> Int {
        precondition(start >= 0 && end <= bytes.count, "a run lies in its bytes")
        var offset = start
        let raw = unsafe bytes.bytes
        while offset <= end &- 8 {
            // Invariant: the precondition and the loop's condition are the two bounds.
            let word = unsafe UInt64(
                littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
            )
            let found = stops(word) & repeated(0x80)
            if found != 0 { return offset &+ found.trailingZeroBitCount / 8 }
            offset &+= 8
        }
        while offset < end, !isStop(bytes[offset]) { offset += 1 }
        return offset
    }

    @inline(__always)
    private static func repeated(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// Sets the high bit of each byte that is zero.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- repeated(1)) & ~word }
}
