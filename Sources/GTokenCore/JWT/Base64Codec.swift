/// One alphabet of base 64, by tables over bytes: a patch of 10 KB goes through it at each admission.
struct Base64Codec: Sendable {
    private let alphabet: [UInt8]
    /// The value of each byte that is in the alphabet, else ``invalid``.
    private let values: [UInt8]
    private let isPadded: Bool

    static let standard = Base64Codec(last: "+/", isPadded: true)
    static let url = Base64Codec(last: "-_", isPadded: false)

    private static let invalid: UInt8 = 0xFF
    private static let padding = UInt8(ascii: "=")

    private init(last: String, isPadded: Bool) {
        alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\(last)".utf8)
        var values = [UInt8](repeating: Self.invalid, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        self.values = values
        self.isPadded = isPadded
    }

    func encode(_ bytes: [UInt8]) -> String {
        let length = bytes.count / 3 * 4 + (bytes.count % 3 == 0 ? 0 : isPadded ? 4 : bytes.count % 3 + 1)
        return unsafe String(unsafeUninitializedCapacity: length) { text in
            var count = 0
            func put(_ sextet: UInt8) {
                unsafe text[count] = alphabet[Int(sextet & 0x3F)]
                count += 1
            }
            let input = bytes.span
            var index = 0
            while index + 2 < input.count {
                let (a, b, c) = (input[index], input[index + 1], input[index + 2])
                put(a >> 2)
                put(a << 4 | b >> 4)
                put(b << 2 | c >> 6)
                put(c)
                index += 3
            }
            if index < input.count {
                let a = input[index]
                let b = index + 1 < input.count ? input[index + 1] : 0
                put(a >> 2)
                put(a << 4 | b >> 4)
                if index + 1 < input.count { put(b << 2) }
            }
            // Invariant: what is left of the length is the padding.
            while count < length {
                unsafe text[count] = Self.padding
                count += 1
            }
            return count
        }
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
