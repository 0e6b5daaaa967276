import GTokenCore
import GTokenNet

/// Checks an ID token as STS does: form, issuer, signature, dates, audience.
struct WebIdentityVerifier: Sendable {
    let providers: [WebIdentityProvider]

    /// How far a token may be ahead of the clock.
    private static let tolerance = Duration.seconds(300)

    /// Who holds a token that is good at `time`, for a role of an account that knows the issuer.
    func identity(
        in text: String,
        for role: RoleARN,
        at time: UnixTime
    ) async throws(AWSFailure) -> WebIdentity {
        let token: UnverifiedJWT
        do throws(JWTError) {
            token = try UnverifiedJWT(parsing: text)
        } catch {
            throw .invalidIdentityToken(
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
            )
        }
        let claims = token.claims
        guard let issuer = claims.issuer else { throw .missingClaim("iss") }
        guard let provider = providers.last(where: { $0.vouches(for: issuer, to: role) }) else {
            throw .invalidIdentityToken(
                "No OpenIDConnect provider found in your account for \(issuer.prefix(255))"
            )
        }
        guard let subject = claims.subject, !subject.isEmpty else { throw .missingClaim("sub") }
        guard let first = claims.audience.first else { throw .missingClaim("aud") }
        try await Self.checkSignature(token, provider)
        try Self.checkDates(claims, at: time)
        // Which of several audiences would count is not documented.
        guard claims.authorizedParty != nil || claims.audience.count == 1 else { throw .incorrectAudience }
        let audience = claims.authorizedParty ?? first
        guard provider.clientIDs?.contains(audience) ?? true else { throw .incorrectAudience }
        return WebIdentity(
            provider: provider,
            subject: subject,
            audience: audience,
            originalAudience: claims.audience
        )
    }

    private static func checkSignature(
        _ token: UnverifiedJWT,
        _ provider: WebIdentityProvider
    ) async throws(AWSFailure) {
        let keySet: JSONWebKeySet
        do {
            keySet = try await provider.keys()
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

    private static func checkDates(_ claims: JWTClaims, at time: UnixTime) throws(AWSFailure) {
        guard let expiresAt = claims.expiresAt else { throw .missingClaim("exp") }
        guard let issuedAt = claims.issuedAt else { throw .missingClaim("iat") }
        guard time < expiresAt else {
            throw AWSFailure(
                status: 400,
                code: "ExpiredTokenException",
                message: "Token expired: current date/time \(time.seconds) must be before the expiration "
                    + "date/time \(expiresAt.seconds)"
            )
        }
        guard max(issuedAt, claims.notBefore ?? issuedAt) <= time + tolerance else {
            throw .invalidIdentityToken("The ID Token is not yet valid")
        }
    }
}

extension AWSFailure {
    fileprivate static let incorrectAudience = invalidIdentityToken("Incorrect token audience")

    fileprivate static func missingClaim(_ name: String) -> AWSFailure {
        .invalidIdentityToken("Missing a required claim: \(name)")
    }
}
