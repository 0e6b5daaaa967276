/// The Amazon Resource Name of an identity provider in IAM: `arn:PARTITION:iam::ACCOUNT:oidc-provider/HOST/PATH`.
///
/// An account has one provider at most for an issuer; role trust policies name it as their principal.
public struct OpenIDConnectProviderARN: Sendable, Hashable {
    /// `aws`, `aws-cn`, `aws-us-gov`, `aws-iso…`, `aws-eusc`, or one that is still to come.
    public let partition: String
    /// The account's 12 digits.
    public let accountID: String
    /// Whose tokens it is for.
    public let issuer: OpenIDConnectIssuer

    /// Reads a provider's ARN.
    ///
    /// - Throws: ``ARNError`` for the first part that is wrong.
    public init(parsing text: String) throws(ARNError) {
        let arn = try IAMResourceARN(parsing: text, as: .openIDConnectProvider)
        do throws(NameError) {
            issuer = try OpenIDConnectIssuer(name: arn.resource.dropFirst())
        } catch {
            throw ARNError(.openIDConnectProvider, .issuer(error.problem))
        }
        partition = arn.partition
        accountID = arn.accountID
    }

    /// Makes the ARN of the provider that an account has, or is to have, for an issuer.
    ///
    /// - Throws: ``ARNError`` for a partition or an account that cannot be one.
    public init(partition: String = "aws", accountID: String, issuer: OpenIDConnectIssuer) throws(ARNError) {
        guard IAMResourceARN.isPartition(partition) else {
            throw ARNError(.openIDConnectProvider, .partition)
        }
        guard IAMResourceARN.isAccountID(accountID) else {
            throw ARNError(.openIDConnectProvider, .accountID)
        }
        self.partition = partition
        self.accountID = accountID
        self.issuer = issuer
    }
}

extension OpenIDConnectProviderARN: CustomStringConvertible {
    /// The whole ARN.
    public var description: String { "arn:\(partition):iam::\(accountID):oidc-provider/\(issuer.name)" }
}
