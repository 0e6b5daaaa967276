extension String {
    /// The text as one word of a POSIX shell, for a command that people may paste; as it is where nothing in it means
    /// anything to a shell.
    ///
    /// In single quotes every byte but the quote stands for itself (POSIX.1, Shell Command Language, 2.2.2).
    package var shellQuoted: String {
        let isPlain = unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || "0123456789@:,./_-".unicodeScalars.contains(scalar))
        }
        if isPlain, !isEmpty { return self }
        return "'\(split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
    }
}
