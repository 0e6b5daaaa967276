/// Which part of a text is not that of a role's ARN; it never carries the text.
public enum RoleARNError: Error, Equatable, Sendable {
    /// It has this many bytes; an ARN has 20 to 2048.
    case length(Int)
    /// It does not start with `arn:` or has fewer than six parts between colons.
    case notAnARN
    /// The second part is no partition.
    case partition
    /// The third part is another service than `iam`, for example `sts` in the ARN of a session.
    case service
    /// The fourth part is not empty: a role has no region.
    case region
    /// The fifth part is not 12 digits.
    case accountID
    /// The last part is another resource than a role, for example a user or an instance profile.
    case resource
    /// The role's path is `//`, has a character outside U+0021 to U+007E, or more than 512 characters.
    case path
    /// The role's name is not 1 to 64 of the allowed characters.
    case roleName
}

extension RoleARNError: CustomStringConvertible {
    /// One line: what was expected and what is wrong.
    public var description: String {
        "expected a role ARN (arn:aws:iam::123456789012:role/NAME): \(problem)"
    }

    private var problem: String {
        switch self {
        case .length(let count): "it has \(count) characters, not 20 to 2048"
        case .notAnARN: "it does not start with arn: and six parts between colons"
        case .partition: "the part after arn: is no partition such as aws, aws-cn or aws-us-gov"
        case .service: "the service is not iam"
        case .region: "it has a region, where a role has none"
        case .accountID: "the account is not 12 digits"
        case .resource: "the resource is not role/NAME"
        case .path: "the path before the role's name is malformed"
        case .roleName: "the role's name is not 1 to 64 of A-Z, a-z, 0-9 and _+=,.@-"
        }
    }
}
