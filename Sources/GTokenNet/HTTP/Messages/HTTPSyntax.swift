/// The character classes of RFC 9110 and RFC 3986 that the codec and the messages share.
enum HTTPSyntax {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let comma = UInt8(ascii: ",")
    static let slash = UInt8(ascii: "/")
    static let questionMark = UInt8(ascii: "?")
    static let percent = UInt8(ascii: "%")

    /// The members of a set of ASCII characters, one bit each.
    struct ASCIISet: Sendable {
        private var low: UInt64 = 0
        private var high: UInt64 = 0

        init(_ members: String, lettersAndDigits: Bool) {
            for byte in members.utf8 { insert(byte) }
            guard lettersAndDigits else { return }
            for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { insert(byte) }
            for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { insert(byte) }
            for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { insert(byte) }
        }

        private mutating func insert(_ byte: UInt8) {
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte & 63) }
        }

        func contains(_ byte: UInt8) -> Bool {
            guard byte < 128 else { return false }
            return (byte < 64 ? low : high) & (1 << UInt64(byte & 63)) != 0
        }

        func containsAll(_ bytes: Span<UInt8>) -> Bool {
            HTTPSyntax.runEnd(of: self, bytes, from: 0, to: bytes.count) == bytes.count
        }
    }

    static let tokenSet = ASCIISet("!#$%&'*+-.^_`|~", lettersAndDigits: true)
    private static let unreservedSet = ASCIISet("-._~", lettersAndDigits: true)
    static let targetSet = ASCIISet("-._~:/?[]@!$&'()*+,;=%\"<>\\^`{|}", lettersAndDigits: true)
    static let hostSet = ASCIISet("-._", lettersAndDigits: true)

    /// `tchar` of RFC 9110 section 5.6.2: what methods and field names are made of.
    static func isToken(_ byte: UInt8) -> Bool { tokenSet.contains(byte) }

    /// A non-empty `token` of RFC 9110 section 5.6.2.
    static func isToken(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { isToken($0) } }

    /// `unreserved` of RFC 3986 section 2.3.
    static func isUnreserved(_ byte: UInt8) -> Bool { unreservedSet.contains(byte) }

    /// What a request target may hold: path and query, and the printable characters that some send unescaped.
    ///
    /// Neither space, `#`, control characters nor anything outside ASCII.
    static func isTarget(_ byte: UInt8) -> Bool { targetSet.contains(byte) }

    /// What a registered name of ours may hold: DNS names with the underscore that some zones have.
    static func isHostName(_ byte: UInt8) -> Bool { hostSet.contains(byte) }

    /// A byte of a field value (RFC 9110 section 5.5): visible, space, tab or outside ASCII.
    static func isFieldValue(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7F) || byte == tab }

    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    /// The value of `0-9`, `a-f`, `A-F`.
    static func hexDigit(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte - UInt8(ascii: "0") }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }

    /// Whether the bytes begin with a constant, which becomes part of the code.
    @inline(__always)
    static func starts(_ bytes: Span<UInt8>, with text: StaticString) -> Bool {
        guard bytes.count >= text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount where unsafe bytes[index] != text.utf8Start[index] {
            return false
        }
        return true
    }

    /// Compares with a constant in lower case, which becomes part of the code; ASCII letters without regard to case.
    @inline(__always)
    static func equals(_ bytes: Span<UInt8>, ignoringCase text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        for index in bytes.indices where unsafe lowercased(bytes[index]) != text.utf8Start[index] {
            return false
        }
        return true
    }

    /// Compares as field names are compared: ASCII letters without regard to case.
    ///
    /// A loop over one index: `zip` costs a generic iterator for each of a request's fields.
    static func equalsIgnoringCase(_ left: ArraySlice<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var index = left.startIndex
        for byte in right {
            guard lowercased(left[index]) == lowercased(byte) else { return false }
            index += 1
        }
        return true
    }

    /// The bytes without spaces and tabs at both ends (`OWS`, RFC 9110 section 5.6.3).
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var slice = bytes
        while let first = slice.first, isBlank(first) { slice.removeFirst() }
        while let last = slice.last, isBlank(last) { slice.removeLast() }
        return slice
    }
}
