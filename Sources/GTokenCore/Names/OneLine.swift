extension String {
    /// The text as it may stand in a message of one line: each control character is U+FFFD.
    ///
    /// An API server passes on no warning that has one, and a terminal obeys it.
    package var inOneLine: String {
        // Most texts are printable ASCII, which is seen many times faster.
        if utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return self }
        guard unicodeScalars.contains(where: Self.isControl) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            text.unicodeScalars.append(Self.isControl(scalar) ? "\u{FFFD}" : scalar)
        }
        return text
    }

    /// `Cc` of Unicode: C0, DEL and C1.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value
    }
}
