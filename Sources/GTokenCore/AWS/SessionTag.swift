/// A tag of a role session (STS API, Tag).
package struct SessionTag: Sendable, Hashable {
    /// 1 to 128 characters.
    package let key: String
    /// At most 256 characters.
    package let value: String

    /// The most tags of one session.
    package static let maxCount = 50

    /// Reads `KEY=VALUE`; `nil` where AWS would not take it.
    package init?(parsing text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        self.init(key: String(text[..<equals]), value: String(text[equals...].dropFirst()))
    }

    /// Makes a tag; `nil` where AWS would not take it.
    package init?(key: String, value: String) {
        guard 1...128 ~= key.unicodeScalars.count, value.unicodeScalars.count <= 256,
            [key, value].allSatisfy({ $0.unicodeScalars.allSatisfy(Self.isAllowed) }),
            !key.lowercased().hasPrefix("aws:")
        else { return nil }
        self.key = key
        self.value = value
    }

    /// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`, as AWS writes it.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return NameRule.isIAMNameCharacter(UInt8(scalar.value)) && scalar != ","
                || [" ", ":", "/"].contains(scalar)
        }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .spaceSeparator,
            .lineSeparator, .paragraphSeparator, .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}

extension SessionTag: CustomStringConvertible {
    /// `KEY=VALUE`.
    package var description: String { "\(key)=\(value)" }
}
