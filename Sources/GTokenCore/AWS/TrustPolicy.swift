/// The trust policies of roles that Pods assume, by the token of a Google service account or by the cluster's.
///
/// For Google no identity provider has to be made in IAM: AWS knows `accounts.google.com` itself. A cluster's
/// issuer needs one. What the condition keys mean is in the IAM User Guide, "IAM and AWS STS condition context
/// keys": `sub` is the token's `sub`; `aud` is its `azp` where it has one, else its `aud`; `oaud`, which Google
/// alone has, is always its `aud`.
public enum TrustPolicy {
    /// The action of exchanging an ID token for credentials.
    public static let action = "sts:AssumeRoleWithWebIdentity"

    /// How AWS names Google as an identity provider, and the prefix of its condition keys.
    public static let google = "accounts.google.com"

    /// The policy that trusts one service account's tokens for one audience and nothing else.
    ///
    /// All three claims are pinned. With `sub` alone, whoever receives any ID token of the account, made for
    /// whatever audience, could replay it to AWS.
    ///
    /// `uniqueID` is the account; tokens of the metadata server and of IAM Credentials have it as `azp` too.
    /// `audience` is the one that the tokens are asked for. `keySource` is the account's e-mail where tokens
    /// that were made with a key of the account, which have it as `azp`, are to be trusted too.
    public static func google(
        uniqueID: GoogleUniqueID,
        audience: String,
        keySource: GoogleServiceAccountEmail? = nil
    ) -> PolicyDocument {
        let parties = [uniqueID.description] + (keySource.map { [$0.description] } ?? [])
        return document(
            principal: google,
            [
                PolicyCondition("StringEquals", key: "\(google):sub", values: [uniqueID.description]),
                PolicyCondition("StringEquals", key: "\(google):aud", values: parties),
                PolicyCondition("StringEquals", key: "\(google):oaud", values: [literal(audience)]),
            ]
        )
    }

    /// The policy that trusts the tokens of one ServiceAccount of one cluster, for one audience.
    ///
    /// `provider` is the identity provider that the role's account has in IAM for the cluster's issuer. The
    /// `audience` must be among the provider's client ids too, else STS refuses every token.
    public static func cluster(
        provider: OpenIDConnectProviderARN,
        serviceAccount: KubernetesServiceAccountName,
        audience: String = ClusterToken.defaultAudience
    ) -> PolicyDocument {
        let keyPrefix = provider.issuer.name
        return document(
            principal: "\(provider)",
            [
                PolicyCondition("StringEquals", key: "\(keyPrefix):sub", values: [serviceAccount.subject]),
                PolicyCondition("StringEquals", key: "\(keyPrefix):aud", values: [literal(audience)]),
            ]
        )
    }

    /// The policy of the guide that the Go project came with, which pins `sub` alone.
    ///
    /// For comparison: it trusts a token of the account that was made for anybody.
    public static func subjectOnly(uniqueID: GoogleUniqueID) -> PolicyDocument {
        document(
            principal: google,
            [PolicyCondition("StringEquals", key: "\(google):sub", values: [uniqueID.description])]
        )
    }

    /// A text as IAM reads it for itself: `${` would begin a policy variable, and `${$}` stands for a dollar sign (IAM
    /// User Guide, "IAM policy elements: Variables and tags").
    ///
    /// Nothing else that is pinned can have one.
    private static func literal(_ text: String) -> String {
        var literal = ""
        for scalar in text.unicodeScalars {
            if scalar == "{", literal.unicodeScalars.last == "$" { literal += "{$}" }
            literal.unicodeScalars.append(scalar)
        }
        return literal
    }

    private static func document(principal: String, _ conditions: [PolicyCondition]) -> PolicyDocument {
        PolicyDocument(statements: [
            PolicyStatement(
                effect: .allow,
                principals: .only([.federated(principal)]),
                actions: .only([action]),
                conditions: conditions
            )
        ])
    }
}
