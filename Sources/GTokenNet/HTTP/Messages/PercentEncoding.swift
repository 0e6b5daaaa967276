/// Percent-encoding of RFC 3986 section 2.1.
package enum PercentEncoding {
    private static let hexDigits: [UInt8] = Array("0123456789ABCDEF".utf8)

    /// The text with everything but letters, digits and `-._~` as `%XX` of its UTF-8 bytes.
    ///
    /// That is what AWS's Signature Version 4 asks of names and values, and right inside any part of a URL.
    package static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        append(text.utf8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text with its escapes resolved; nil when one is malformed or the bytes are not UTF-8.
    package static func decode(_ text: some StringProtocol) -> String? {
        decode(Array(text.utf8)[...], plusIsSpace: false)
    }

    static func append(_ text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        for byte in text {
            if HTTPSyntax.isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(HTTPSyntax.percent)
                bytes.append(hexDigits[Int(byte >> 4)])
                bytes.append(hexDigits[Int(byte & 0xF)])
            }
        }
    }

    static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case HTTPSyntax.percent:
                guard
                    let high = rest.popFirst().flatMap(HTTPSyntax.hexDigit),
                    let low = rest.popFirst().flatMap(HTTPSyntax.hexDigit)
                else { return nil }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                decoded.append(HTTPSyntax.space)
            default:
                decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }
}
