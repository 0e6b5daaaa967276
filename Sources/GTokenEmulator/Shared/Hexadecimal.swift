/// Bytes as text, in lower-case hexadecimal.
enum Hexadecimal {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] },
            as: UTF8.self
        )
    }

    /// Sixteen bytes in the groups of a UUID (RFC 9562 section 4).
    static func uuid(_ bytes: [UInt8]) -> String {
        [0..<4, 4..<6, 6..<8, 8..<10, 10..<16]
            .map { encode(bytes[$0.clamped(to: 0..<bytes.count)]) }
            .joined(separator: "-")
    }
}
