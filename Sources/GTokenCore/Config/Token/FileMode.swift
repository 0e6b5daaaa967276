/// The permission bits of a file with a token: its owner may read it, and nobody else may write it.
public struct FileMode: Sendable, Equatable {
    /// The bits, as `chmod(2)` takes them.
    public let bits: UInt32

    /// Everybody may read it, its owner may write it.
    ///
    /// What keeps others from a token is that they do not have its volume mounted; the containers that have it run
    /// under users of their own.
    public static let standard = FileMode(unchecked: 0o644)

    /// Reads three octal digits, with a leading `0` or `0o` or without.
    ///
    /// Answers `nil` for what is none of that, where the owner may not read, others than the owner may write, or
    /// anybody may execute.
    public init?(octal text: String) {
        var digits = text[...]
        for prefix in ["0o", "0"] where digits.hasPrefix(prefix) && digits.utf8.count == prefix.utf8.count + 3
        {
            digits = digits.dropFirst(prefix.count)
        }
        guard digits.utf8.count == 3, digits.utf8.allSatisfy({ (0x30...0x37).contains($0) }),
            let bits = UInt32(digits, radix: 8), bits & 0o400 != 0, bits & ~0o644 == 0
        else { return nil }
        self.bits = bits
    }

    private init(unchecked bits: UInt32) { self.bits = bits }
}

extension FileMode: CustomStringConvertible {
    /// Four octal digits.
    public var description: String { "0" + String(bits, radix: 8) }
}
