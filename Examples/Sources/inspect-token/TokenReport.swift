import GTokenCore

/// What a token says, as lines for people: never the token itself, and never its signature.
struct TokenReport {
    private let claims: JWTClaims
    private let time: UnixTime

    /// Takes a token apart.
    ///
    /// - Parameters:
    ///   - text: the token in compact form, with or without white space around it.
    ///   - time: what counts as now.
    /// - Throws: `JWTError` where the text is no token; it carries none of the text.
    init(_ text: String, at time: UnixTime) throws(JWTError) {
        let token = try UnverifiedJWT(parsing: text.filter { !$0.isWhitespace })
        claims = token.claims
        self.time = time
    }

    /// Whether the token's time is over; a token without `exp` has no end.
    var isExpired: Bool { claims.timeLeft(at: time).map { $0 <= .zero } ?? false }

    /// A name and a value each.
    var lines: [String] {
        var lines = [
            line("issuer", claims.issuer),
            line("subject", claims.subject),
        ]
        lines += claims.audience.map { line("audience", $0) }
        lines.append(line("expires", claims.expiresAt?.rfc3339))
        lines.append(line("time left", timeLeft))
        // What a role's trust policy has to say for AWS to take this token, and no other.
        for condition in WebIdentityConditions(claims)?.pinned ?? [] {
            lines += condition.values.map { line("AWS condition", "\(condition.key) = \($0)") }
        }
        return lines
    }

    private var timeLeft: String? {
        claims.timeLeft(at: time).map { $0 > .zero ? $0.goText : "none, expired \((.zero - $0).goText) ago" }
    }

    /// A token comes from anywhere: what would move a terminal's cursor is not printed.
    private func line(_ name: String, _ value: String?) -> String {
        let isControl = { (scalar: Unicode.Scalar) in scalar.properties.generalCategory == .control }
        let shown = (value ?? "-").unicodeScalars.map { isControl($0) ? "\u{FFFD}" : Character($0) }
        return name + String(repeating: " ", count: max(1, 16 - name.count)) + String(shown)
    }
}
