/// One alphabet of base 64, by tables over bytes: a patch of 10 KB goes through it at each admission.
struct Base64Codec: Sendable {
    private let alphabet: [UInt8]
    /// The value of each byte that is in the alphabet, else ``invalid``.
    private let values: [UInt8]
    private let isPadded: Bool
    /// How far the character of 62 stands before the one that would follow the digits.
    private let stepTo62: UInt64
    /// How far the character of 63 stands after the one that would follow that.
    private let stepTo63: UInt64

    static let standard = Base64Codec(last: "+/", isPadded: true)
    static let url = Base64Codec(last: "-_", isPadded: false)

    private static let invalid: UInt8 = 0xFF
    private static let padding = UInt8(ascii: "=")

    private init(last: String, isPadded: Bool) {
        alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\(last)".utf8)
        var values = [UInt8](repeating: Self.invalid, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        self.values = values
        stepTo62 = UInt64(UInt8(ascii: ":") - alphabet[62])
        stepTo63 = UInt64(alphabet[63] - alphabet[62] - 1)
        self.isPadded = isPadded
    }

    /// How long the text of so many bytes is.
    func encodedCount(_ count: Int) -> Int {
        count / 3 * 4 + (count % 3 == 0 ? 0 : isPadded ? 4 : count % 3 + 1)
    }

    func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        append(bytes.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the text of `input`.
    func append(_ input: Span<UInt8>, to output: inout [UInt8]) {
        var place = output.count
        // What is not written below is the padding.
        output.append(contentsOf: repeatElement(Self.padding, count: encodedCount(input.count)))
        var text = output.mutableSpan
        var index = 0
        let source = unsafe input.bytes
        while index <= input.count &- 8 {
            // Invariant: the loop's condition is the bound.
            let word = unsafe source.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            var characters = unsafe text.mutableBytes
            characters.storeBytes(
                of: self.characters(of: UInt64(bigEndian: word) >> 16).bigEndian,
                toByteOffset: place,
                as: UInt64.self
            )
            index &+= 6
            place &+= 8
        }
        while index < input.count {
            let rest = min(3, input.count - index)
            let (a, b) = (input[index], rest > 1 ? input[index + 1] : 0)
            let c = rest > 2 ? input[index + 2] : 0
            let sextets = [a >> 2, a << 4 | b >> 4, b << 2 | c >> 6, c]
            for sextet in sextets.prefix(rest + 1) {
                text[place] = alphabet[Int(sextet & 0x3F)]
                place += 1
            }
            index += rest
        }
    }

    /// The eight characters of 48 bits, the first in the highest byte: all at once, a byte of the word for each.
    @inline(__always)
    private func characters(of bits: UInt64) -> UInt64 {
        var values = (bits & 0xFFFF_FF00_0000) << 8 | bits & 0xFF_FFFF
        values = (values & 0x00FF_F000_00FF_F000) << 4 | values & 0x0000_0FFF_0000_0FFF
        values = (values & 0x0FC0_0FC0_0FC0_0FC0) << 2 | values & 0x003F_003F_003F_003F
        // 1 in each byte whose value is `limit` or more.
        func reaching(_ limit: UInt64) -> UInt64 {
            (values &+ Self.ones &* (0x80 &- limit)) >> 7 & Self.ones
        }
        // From capitals to small letters, to digits, and to the last two, which hardly occur in text.
        let letters = values &+ Self.ones &* 65 &+ reaching(26) &* 6 &- reaching(52) &* 75
        guard (values &+ Self.ones &* 2) & (Self.ones &* 0x40) != 0 else { return letters }
        return letters &- reaching(62) &* stepTo62 &+ reaching(63) &* stepTo63
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var body = text
        if isPadded {
            guard text.count % 4 == 0 else { return nil }
            for _ in 0..<2 where body.last == Self.padding { body.removeLast() }
        }
        // One character left over carries six bits: no byte.
        guard body.count % 4 != 1 else { return nil }
        let values = values.span
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var bitCount = 0
        for character in body {
            let value = values[Int(character)]
            guard value != Self.invalid else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        guard bits & (1 << UInt32(bitCount) - 1) == 0 else { return nil }
        return bytes
    }
}
