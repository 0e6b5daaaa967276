/// What a web identity token gives AWS to compare the conditions of a role's trust policy with.
///
/// Source: IAM User Guide, "IAM and AWS STS condition context keys", the keys for web identity federation.
public struct WebIdentityConditions: Equatable, Sendable {
    /// What stands before the colon of each key: `accounts.google.com`, or the issuer without `https://`.
    public let provider: String
    /// `sub`: the token's `sub`.
    public let subject: String?
    /// `aud`: the token's `azp` where it has one, else its `aud`; empty where it has neither.
    public let audience: [String]
    /// `oaud`, the token's `aud` whatever its `azp`; empty for an issuer other than Google, which has no such key.
    public let originalAudience: [String]

    /// The conditions for a token with these claims; `nil` where the token names no issuer.
    ///
    /// Whether AWS takes the token at all (its signature, its expiry, a provider for its issuer in IAM) is not
    /// looked at.
    public init?(_ claims: JWTClaims) {
        guard let issuer = claims.issuer else { return nil }
        provider = issuer.hasPrefix(Self.scheme) ? String(issuer.dropFirst(Self.scheme.count)) : issuer
        subject = claims.subject
        audience = claims.authorizedParty.map { [$0] } ?? claims.audience
        originalAudience = provider == TrustPolicy.google ? claims.audience : []
    }

    private static let scheme = "https://"

    /// The conditions that name this token's holder and audience: a trust policy that has them all, and the
    /// provider as its principal, trusts the token; keys without a value are left out.
    public var pinned: [PolicyCondition] {
        let keys = [("sub", subject.map { [$0] } ?? []), ("aud", audience), ("oaud", originalAudience)]
        return keys.filter { !$0.1.isEmpty }.map { key, values in
            PolicyCondition("StringEquals", key: "\(provider):\(key)", values: values)
        }
    }
}
