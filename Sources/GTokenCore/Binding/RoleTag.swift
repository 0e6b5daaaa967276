/// A tag of a role.
package struct RoleTag: Sendable, Equatable {
    /// 1 to 128 characters (IAM API, Tag).
    package let key: String
    /// At most 256 characters.
    package let value: String

    /// Reads `KEY=VALUE`; `nil` where IAM would not take it, or where the key is ours.
    init?(parsing text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        self.init(key: String(text[..<equals]), value: String(text[equals...].dropFirst()))
    }

    /// Makes a tag; `nil` where IAM would not take it, or where the key is ours.
    init?(key: String, value: String) {
        let isPlain: (String) -> Bool = {
            $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        }
        guard 1...128 ~= key.unicodeScalars.count, value.unicodeScalars.count <= 256, isPlain(key),
            isPlain(value),
            !key.lowercased().hasPrefix("aws:"), !key.hasPrefix(OwnershipMark.prefix)
        else { return nil }
        self.key = key
        self.value = value
    }
}
