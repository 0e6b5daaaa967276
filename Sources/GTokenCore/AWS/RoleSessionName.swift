/// The name of one session of a role, which CloudTrail shows: 2 to 64 of `[\w+=,.@-]` (STS).
public struct RoleSessionName: Sendable, Hashable {
    /// The name.
    public let description: String

    /// Reads a session name.
    ///
    /// - Throws: ``NameError`` where STS would not accept it.
    public init(parsing text: String) throws(NameError) {
        try NameRule.checkLength(text, Self.lengths, .roleSessionName)
        try NameRule.checkCharacters(text, .roleSessionName, NameRule.isIAMNameCharacter)
        description = text
    }

    private init(checked text: String) { description = text }

    /// A valid session name for any text: the text itself where it is one, else its start, a hyphen and
    /// 16 hexadecimal digits of a hash of all of it; what a session name cannot have becomes a hyphen.
    ///
    /// The hash (FNV-1a, 64 bits) keeps names apart that differ after the cut. It is no security feature:
    /// who chooses names can make two that meet.
    public static func shortened(from text: String) -> RoleSessionName {
        let bytes = Array(text.utf8)
        if lengths ~= bytes.count, bytes.allSatisfy(NameRule.isIAMNameCharacter) {
            return RoleSessionName(checked: text)
        }
        let start = bytes.prefix(lengths.upperBound - 17)
            .map { NameRule.isIAMNameCharacter($0) ? $0 : .minus }
        let digits = String(FNV1a.hash(bytes), radix: 16)
        let hash = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        return RoleSessionName(checked: String(decoding: start, as: UTF8.self) + "-" + hash)
    }

    private static let lengths = 2...64
}

extension RoleSessionName: CustomStringConvertible {}

/// The FNV-1a hash of 64 bits (Fowler, Noll, Vo).
private enum FNV1a {
    static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
