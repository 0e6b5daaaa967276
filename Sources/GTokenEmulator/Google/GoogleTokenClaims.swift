import GTokenCore

/// What Google's ID tokens for a service account say.
struct GoogleTokenClaims: TokenClaims {
    var audience: String
    var subject: String
    var authorizedParty: String
    var email: String?
    var issuedAt: UnixTime
    var lifetime: Duration

    /// Google's issuer, whatever address the stand-in has.
    static let issuer = "https://\(TrustPolicy.google)"

    func write(to payload: inout JSONWriter) {
        payload.member("aud", audience)
        payload.member("azp", authorizedParty)
        if let email {
            payload.member("email", email)
            payload.member("email_verified", true)
        }
        payload.member("exp", (issuedAt + lifetime).seconds)
        payload.member("iat", issuedAt.seconds)
        payload.member("iss", Self.issuer)
        payload.member("sub", subject)
    }
}
