/// Why a text is not the Amazon Resource Name that was asked for; it never carries the text.
public struct ARNError: Error, Equatable, Sendable {
    /// What the ARN was to name.
    public var expected: ExpectedARN
    /// What is wrong with the text.
    public var problem: ARNProblem

    /// Makes the error.
    public init(_ expected: ExpectedARN, _ problem: ARNProblem) {
        self.expected = expected
        self.problem = problem
    }
}

/// The resources of IAM whose ARNs are parsed; the raw value is the resource's type as it stands in them.
public enum ExpectedARN: String, Equatable, Sendable {
    /// A role.
    case role = "role"
    /// An identity provider that speaks OpenID Connect.
    case openIDConnectProvider = "oidc-provider"
}

/// Which part of a text is not that of the ARN of a resource of IAM.
public enum ARNProblem: Equatable, Sendable {
    /// It has this many bytes; an ARN has 20 to 2048.
    case length(Int)
    /// It does not start with `arn:` or has fewer than six parts between colons.
    case notAnARN
    /// The second part is no partition.
    case partition
    /// The third part is another service than `iam`, for example `sts` in the ARN of a session.
    case service
    /// The fourth part is not empty: what is IAM's has no region.
    case region
    /// The fifth part is not 12 digits.
    case accountID
    /// The last part is a resource of another type, for example a user or an instance profile.
    case resource
    /// A role's path is `//`, has a character outside U+0021 to U+007E, or more than 512 characters.
    case path
    /// A role's name is not 1 to 64 of the allowed characters.
    case roleName
    /// What follows `oidc-provider/` is no issuer.
    case issuer(NameProblem)
}

extension ARNError: CustomStringConvertible {
    /// One line: what was expected and what is wrong.
    public var description: String { "expected \(expected): \(problem)" }
}

extension ExpectedARN: CustomStringConvertible {
    /// The resource's kind and an example.
    public var description: String {
        switch self {
        case .role: "a role ARN (arn:aws:iam::123456789012:role/NAME)"
        case .openIDConnectProvider:
            "the ARN of an OpenID Connect provider (arn:aws:iam::123456789012:oidc-provider/HOST/PATH)"
        }
    }
}

extension ARNProblem: CustomStringConvertible {
    /// What is wrong, without the text.
    public var description: String {
        switch self {
        case .length(let count): "it has \(count) characters, not 20 to 2048"
        case .notAnARN: "it does not start with arn: and six parts between colons"
        case .partition: "the part after arn: is no partition such as aws, aws-cn or aws-us-gov"
        case .service: "the service is not iam"
        case .region: "it has a region, where what is IAM's has none"
        case .accountID: "the account is not 12 digits"
        case .resource: "the resource is of another type"
        case .path: "the path before the role's name is malformed"
        case .roleName: "the role's name is not 1 to 64 of A-Z, a-z, 0-9 and _+=,.@-"
        case .issuer(let problem): "the issuer is malformed: \(problem)"
        }
    }
}
