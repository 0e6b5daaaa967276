import GTokenCore

/// What a verified ID token says of its holder, in the terms of AWS.
struct WebIdentity: Sendable {
    var provider: WebIdentityProvider
    var subject: String
    /// `azp` where the token has it, else `aud`.
    var audience: String
    /// Always the token's `aud`.
    var originalAudience: [String]

    /// The question to a role's trust policy.
    ///
    /// What the condition keys mean is in the IAM User Guide, "IAM and AWS STS condition context keys".
    func request(sessionName: RoleSessionName) -> PolicyRequest {
        let prefix = provider.keyPrefix
        var context = [
            "\(prefix):sub": [subject],
            "\(prefix):aud": [audience],
            "sts:RoleSessionName": [sessionName.description],
        ]
        if provider.hasOriginalAudience { context["\(prefix):oaud"] = originalAudience }
        return PolicyRequest(
            principal: .federated(provider.principal),
            action: TrustPolicy.action,
            context: context
        )
    }
}
