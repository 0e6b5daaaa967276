import GTokenCore
import GTokenNet

/// Checks an ID token of Google as STS does: form, issuer, signature, dates.
struct WebIdentityVerifier: Sendable {
    /// Where the issuer's keys come from.
    let keys: AWSEmulator.KeySource

    /// How far a token may be ahead of the clock.
    private static let tolerance = Duration.seconds(300)

    /// The claims of a token that holds at `time`.
    func claims(of text: String, at time: UnixTime) async throws(STSFailure) -> JWTClaims {
        let token: UnverifiedJWT
        do throws(JWTError) {
            token = try UnverifiedJWT(parsing: text)
        } catch {
            throw .invalidIdentityToken(
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
            )
        }
        try checkIssuer(token.claims)
        try await checkSignature(token)
        try checkDates(token.claims, at: time)
        return token.claims
    }

    private func checkIssuer(_ claims: JWTClaims) throws(STSFailure) {
        guard let issuer = claims.issuer else { throw .invalidIdentityToken("Missing a required claim: iss") }
        // Google's tokens may name their issuer with or without the scheme (OpenID Connect at Google).
        guard issuer == IDTokenIssuer.issuer || issuer == TrustPolicy.google else {
            throw .invalidIdentityToken(
                "No OpenIDConnect provider found in your account for \(issuer.prefix(255))"
            )
        }
        guard claims.subject != nil else { throw .invalidIdentityToken("Missing a required claim: sub") }
        guard !claims.audience.isEmpty else { throw .invalidIdentityToken("Missing a required claim: aud") }
    }

    private func checkSignature(_ token: UnverifiedJWT) async throws(STSFailure) {
        let keySet: JSONWebKeySet
        do {
            keySet = try await keys()
        } catch {
            throw .unreachableKeys
        }
        guard token.header.algorithm == "RS256" else {
            throw .invalidIdentityToken("The ID Token's algorithm is not RS256")
        }
        guard let key = token.header.keyID.flatMap({ keySet.keys[$0] }) else { throw .unreachableKeys }
        guard key.isValidSHA256Signature(token.signature, for: token.signingInput) else {
            throw .invalidIdentityToken("The ID Token's signature is invalid")
        }
    }

    private func checkDates(_ claims: JWTClaims, at time: UnixTime) throws(STSFailure) {
        guard let expiresAt = claims.expiresAt else {
            throw .invalidIdentityToken("Missing a required claim: exp")
        }
        guard let issuedAt = claims.issuedAt else {
            throw .invalidIdentityToken("Missing a required claim: iat")
        }
        guard time < expiresAt else {
            throw STSFailure(
                status: 400,
                code: "ExpiredTokenException",
                message: "Token expired: current date/time \(time.seconds) must be before the expiration "
                    + "date/time \(expiresAt.seconds)"
            )
        }
        guard max(issuedAt, claims.notBefore ?? issuedAt) <= time + Self.tolerance else {
            throw .invalidIdentityToken("The ID Token is not yet valid")
        }
    }
}
