import GTokenCore

/// An OpenID Connect issuer as AWS knows it.
package struct WebIdentityProvider: Sendable {
    /// Gives the issuer's keys at the time of asking; what it throws is an issuer that cannot be reached.
    package typealias KeySource = @Sendable () async throws -> JSONWebKeySet

    /// The values of `iss` in its tokens.
    let issuers: Set<String>
    /// How trust policies name it: `accounts.google.com`, or the ARN of the provider in IAM.
    let principal: String
    /// What its condition keys begin with, up to the colon.
    let keyPrefix: String
    /// The audiences that it is registered for; `nil` where the trust policy alone decides.
    let clientIDs: Set<String>?
    /// The account whose roles it is for; `nil` for every account's.
    let accountID: String?
    /// Whether it has the condition key `oaud`, which is the token's own `aud`.
    let hasOriginalAudience: Bool
    let keys: KeySource

    /// Google, which every account knows without a provider in IAM.
    package static func google(keys: @escaping KeySource) -> WebIdentityProvider {
        WebIdentityProvider(
            // Google's tokens may name their issuer with or without the scheme (OpenID Connect at Google).
            issuers: [GoogleTokenClaims.issuer, TrustPolicy.google],
            principal: TrustPolicy.google,
            keyPrefix: TrustPolicy.google,
            clientIDs: nil,
            accountID: nil,
            hasOriginalAudience: true,
            keys: keys
        )
    }

    /// An issuer with a provider in an account's IAM, such as a cluster's, which takes tokens for `clientIDs`.
    static func openIDConnect(
        _ arn: OpenIDConnectProviderARN,
        clientIDs: Set<String>,
        keys: @escaping KeySource
    ) -> WebIdentityProvider {
        WebIdentityProvider(
            issuers: ["\(arn.issuer)"],
            principal: "\(arn)",
            keyPrefix: arn.issuer.name,
            clientIDs: clientIDs,
            accountID: arn.accountID,
            hasOriginalAudience: false,
            keys: keys
        )
    }

    /// Whether a role's account takes tokens of this issuer from it.
    func vouches(for issuer: String, to role: RoleARN) -> Bool {
        issuers.contains(issuer) && accountID ?? role.accountID == role.accountID
    }
}
