/// One alphabet of base 64, by tables over bytes: a patch of 10 KB goes through it at each admission.
struct Base64Codec: Sendable {
    private let alphabet: [UInt8]
    /// The value of each byte that is in the alphabet, else ``invalid``.
    private let values: [UInt8]
    private let isPadded: Bool
    /// From the character that would follow the digits to that of 62.
    private let stepTo62: Int8
    /// From the character that would follow that of 62 to that of 63.
    private let stepTo63: Int8

    static let standard = Base64Codec(last: "+/", isPadded: true)
    static let url = Base64Codec(last: "-_", isPadded: false)

    private static let invalid: UInt8 = 0xFF
    private static let padding = UInt8(ascii: "=")

    private init(last: String, isPadded: Bool) {
        alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\(last)".utf8)
        var values = [UInt8](repeating: Self.invalid, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        self.values = values
        stepTo62 = Int8(alphabet[62]) - 0x3A
        stepTo63 = Int8(alphabet[63] - alphabet[62] - 1)
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
        while let next = input.load(SIMD2<UInt64>.self, at: index) {
            var bytes = unsafe text.mutableBytes
            bytes.storeBytes(of: characters(of: next), toByteOffset: place, as: ByteBlock.self)
            index &+= 12
            place &+= 16
        }
        while index < input.count {
            let rest = min(3, input.count - index)
            var bits = UInt32(input[index]) << 16
            if rest > 1 { bits |= UInt32(input[index + 1]) << 8 }
            if rest > 2 { bits |= UInt32(input[index + 2]) }
            for character in 0...rest {
                text[place + character] = alphabet[Int(bits >> 18 & 0x3F)]
                bits <<= 6
            }
            index += 3
            place += 4
        }
    }

    /// The sixteen characters of the first twelve bytes.
    @inline(__always)
    private func characters(of next: SIMD2<UInt64>) -> ByteBlock {
        let (first, second) = (next[0].bigEndian, next[1].bigEndian)
        // Three bytes in the upper bits of each of four integers. Vectors everywhere: an operator of a vector and a
        // number is compiled to a loop.
        let sixBytes = SIMD2<UInt64>(first, first &<< 48 | second &>> 16)
        let upper = sixBytes &>> SIMD2(repeating: 32)
        let lower = (sixBytes &<< SIMD2(repeating: 24)) & SIMD2(repeating: 0xFFFF_FFFF_0000_0000)
        let groups = SIMD4<UInt32>(halvesOf: upper | lower)
        // Six bits into each byte, those of the first character into the lowest, which stands first in memory.
        let odd =
            groups &>> SIMD4(repeating: 26) | (groups &<< SIMD4(repeating: 2)) & SIMD4(repeating: 0x3F_0000)
        let shifted = (groups &>> SIMD4(repeating: 12)) & SIMD4(repeating: 0x3F00)
        let even = shifted | (groups &<< SIMD4(repeating: 16)) & SIMD4(repeating: 0x3F00_0000)
        let values = ByteBlock(bytesOf: odd | even)
        @inline(__always)
        func step(past limit: Int8, _ step: Int8) -> ByteBlock {
            (values .> ByteBlock(repeating: limit)).bytes & ByteBlock(repeating: step)
        }
        // From capitals to small letters, to digits, and to the last two.
        let letters = values &+ ByteBlock(repeating: 65) &+ step(past: 25, 6)
        return letters &+ step(past: 51, -75) &+ step(past: 61, stepTo62) &+ step(past: 62, stepTo63)
    }

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
