package import GTokenCore

/// An ID token as a source gave it: its text, and what it says of itself.
package struct IDToken: Sendable, Equatable {
    /// The token, a credential: for its file and nowhere else.
    package let text: String
    /// Whose it is (`sub`), as it says.
    package let subject: String?
    /// When it ends.
    package let expiresAt: UnixTime
    /// From `iat` to `exp`; `nil` where it does not say.
    package let lifetime: Duration?

    /// Looks into a token that should be for `audience`.
    ///
    /// - Throws: ``IDTokenError`` where nobody could use it.
    package init(parsing text: String, audience: String) throws(IDTokenError) {
        let jwt: UnverifiedJWT
        do throws(JWTError) {
            jwt = try UnverifiedJWT(parsing: text)
        } catch {
            throw .malformedToken(error)
        }
        guard let expiresAt = jwt.claims.expiresAt else { throw .missingExpiry }
        guard jwt.claims.audience.contains(audience) else { throw .otherAudience }
        self.text = text
        subject = jwt.claims.subject
        self.expiresAt = expiresAt
        lifetime = jwt.lifetime
    }

    /// Until it ends; negative where it has.
    package func timeLeft(at time: UnixTime) -> Duration { expiresAt.duration(since: time) }
}

extension IDToken: CustomStringConvertible, CustomReflectable {
    /// When it ends, and nothing of its text.
    package var description: String { "an ID token until \(expiresAt.rfc3339)" }

    /// Nothing, so that `dump` and test failures do not print a credential.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
