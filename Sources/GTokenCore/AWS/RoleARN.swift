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
    /// - Throws: ``RoleARNError`` for the first part that is wrong.
    public init(parsing text: String) throws(RoleARNError) {
        let count = text.utf8.count
        guard 20...2048 ~= count else { throw .length(count) }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn" else { throw .notAnARN }
        guard parts[1].hasPrefix("aws"),
            parts[1].utf8.allSatisfy({ NameRule.isLowercaseAlphanumeric($0) || $0 == .minus })
        else { throw .partition }
        guard parts[2] == "iam" else { throw .service }
        guard parts[3].isEmpty else { throw .region }
        guard parts[4].utf8.count == 12, parts[4].utf8.allSatisfy(\.isDigit) else { throw .accountID }
        guard parts[5].hasPrefix("role/"), let slash = parts[5].lastIndex(of: "/") else { throw .resource }
        let path = parts[5][...slash].dropFirst("role".count)
        let name = parts[5][slash...].dropFirst()
        guard path.utf8.count <= 512, path.utf8.count != 2, path.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw .path
        }
        guard 1...64 ~= name.utf8.count, name.utf8.allSatisfy(NameRule.isIAMNameCharacter) else {
            throw .roleName
        }
        partition = String(parts[1])
        accountID = String(parts[4])
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
