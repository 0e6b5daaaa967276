/// What another side wrote, as it may stand in one line of a log.
package enum ForeignText {
    /// The text in one line of at most `limit` characters, with asterisks where one of the secrets stands.
    ///
    /// Services quote what they were sent: a parameter that they do not take, a request whose signature does not match.
    package static func line(_ text: String, limit: Int, hiding secrets: [String] = []) -> String {
        let safe = secrets.reduce(text) { hide($1, in: $0) }
        let words = safe.split { $0.isWhitespace || $0.unicodeScalars.allSatisfy(isControl) }
        let scalars = words.joined(separator: " ").unicodeScalars.prefix(limit)
        return String(String.UnicodeScalarView(scalars.map { isControl($0) ? " " : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }

    /// The text with asterisks where a secret stands, also where only its beginning does.
    private static func hide(_ secret: String, in text: String) -> String {
        let secret = Array(secret.utf8)
        // Long enough to be no coincidence, short enough for a quotation that is cut off; every credential of AWS
        // and every token is longer.
        let start = secret.prefix(16)
        guard start.count == 16 else { return text }
        var rest = Array(text.utf8)[...]
        var safe: [UInt8] = []
        while let byte = rest.first {
            if rest.starts(with: start) {
                rest = rest.dropFirst(zip(rest, secret).prefix { $0 == $1 }.count)
                safe += Array("***".utf8)
            } else {
                safe.append(byte)
                rest.removeFirst()
            }
        }
        return String(decoding: safe, as: UTF8.self)
    }
}
