/// Checks that more than one name needs.
enum NameRule {
    static func isLowercaseLetter(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }

    static func isLetter(_ byte: UInt8) -> Bool { isLowercaseLetter(byte | 0x20) }

    static func isLowercaseAlphanumeric(_ byte: UInt8) -> Bool { isLowercaseLetter(byte) || byte.isDigit }

    /// What AWS writes as `[\w+=,.@-]`; its `\w` is ASCII.
    static func isIAMNameCharacter(_ byte: UInt8) -> Bool {
        if isLetter(byte) || byte.isDigit { return true }
        return switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "."),
            UInt8(ascii: "@"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Checks the number of bytes.
    static func checkLength(
        _ text: String,
        _ lengths: ClosedRange<Int>,
        _ name: ExpectedName
    ) throws(NameError) {
        let count = text.utf8.count
        guard count > 0 else { throw NameError(name, .empty) }
        guard count >= lengths.lowerBound else { throw NameError(name, .tooShort(count)) }
        guard count <= lengths.upperBound else { throw NameError(name, .tooLong(count)) }
    }

    /// Checks each byte.
    static func checkCharacters(
        _ text: String,
        _ name: ExpectedName,
        _ isAllowed: (UInt8) -> Bool
    ) throws(NameError) {
        for (offset, byte) in text.utf8.enumerated() where !isAllowed(byte) {
            throw NameError(name, .character(offset: offset))
        }
    }

    /// Checks that the parts between dots are labels of RFC 1123: letters and digits in lower case, hyphens
    /// inside.
    static func checkLabels(_ text: String, _ name: ExpectedName, allowsDots: Bool) throws(NameError) {
        var text = text
        let offset = text.withUTF8 { unsafe offsetOutsideLabels($0.span, allowsDots: allowsDots) }
        if let offset { throw NameError(name, .character(offset: offset)) }
    }

    /// Where the first byte stands that no label may have there.
    private static func offsetOutsideLabels(_ bytes: Span<UInt8>, allowsDots: Bool) -> Int? {
        for offset in bytes.indices where !isLowercaseAlphanumeric(bytes[offset]) {
            guard offset > 0, offset + 1 < bytes.count else { return offset }
            let (before, after) = (bytes[offset - 1], bytes[offset + 1])
            switch bytes[offset] {
            case .minus where isLabelByte(before) && isLabelByte(after): continue
            case .dot where allowsDots && isLowercaseAlphanumeric(before) && isLowercaseAlphanumeric(after):
                continue
            default: return offset
            }
        }
        return nil
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool { isLowercaseAlphanumeric(byte) || byte == .minus }
}

extension UInt8 {
    static let dot = UInt8(ascii: ".")
    static let slash = UInt8(ascii: "/")
}
