/// The Amazon Resource Name of an IAM role: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
///
/// Lengths and characters are those of IAM's CreateRole; a length of 20 to 2048 is STS's.
public struct RoleARN: Sendable, Hashable {
    /// `aws`, `aws-cn`, `aws-us-gov`, `aws-iso…`, `aws-eusc`, or one that is still to come.
    public let partition: String
    /// The account's 12 digits.
    public let accountID: String
    /// The role's path with a slash at both ends; `/` where it has none.
    public let path: String
    /// The role's name without its path, 1 to 64 characters.
    public let roleName: String

    /// Reads a role's ARN.
    ///
    /// - Throws: ``ARNError`` for the first part that is wrong.
    public init(parsing text: String) throws(ARNError) {
        let arn = try IAMResourceARN(parsing: text, as: .role)
        // Invariant: there is a slash, because the resource starts with one.
        let slash = arn.resource.lastIndex(of: "/") ?? arn.resource.startIndex
        let path = arn.resource[...slash]
        let name = arn.resource[slash...].dropFirst()
        guard path.utf8.count <= 512, path.utf8.count != 2, path.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw ARNError(.role, .path)
        }
        guard 1...64 ~= name.utf8.count, name.utf8.allSatisfy(NameRule.isIAMNameCharacter) else {
            throw ARNError(.role, .roleName)
        }
        partition = arn.partition
        accountID = arn.accountID
        self.path = String(path)
        roleName = String(name)
    }

    /// The ARN of a session of the role, as STS names its caller; the role's path is not in it.
    public func sessionARN(_ session: RoleSessionName) -> String {
        "arn:\(partition):sts::\(accountID):assumed-role/\(roleName)/\(session)"
    }
}

extension RoleARN: CustomStringConvertible {
    /// The whole ARN.
    public var description: String { "arn:\(partition):iam::\(accountID):role\(path)\(roleName)" }
}
