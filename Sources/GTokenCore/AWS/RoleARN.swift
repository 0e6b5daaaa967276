/// The Amazon Resource Name of an IAM role: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
///
/// Lengths and characters are those of IAM's CreateRole; a length of 20 to 2048 is STS's.
public struct RoleARN: Sendable, Hashable {
    /// The whole ARN.
    public let description: String

    /// Reads a role's ARN.
    ///
    /// - Throws: ``ARNError`` for the first part that is wrong.
    public init(parsing text: String) throws(ARNError) {
        let arn = try IAMResourceARN(parsing: text, as: .role)
        let (path, name) = Self.split(arn.resource)
        guard path.utf8.count <= 512, path.utf8.count != 2, path.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw ARNError(.role, .path)
        }
        guard 1...64 ~= name.utf8.count, name.utf8.allSatisfy(NameRule.isIAMNameCharacter) else {
            throw ARNError(.role, .roleName)
        }
        description = text
    }

    /// `aws`, `aws-cn`, `aws-us-gov`, `aws-iso…`, `aws-eusc`, or one that is still to come.
    public var partition: String { part(1) }

    /// The account's 12 digits.
    public var accountID: String { part(4) }

    /// The role's path with a slash at both ends; `/` where it has none.
    public var path: String { String(Self.split(resource).path) }

    /// The role's name without its path, 1 to 64 characters.
    public var roleName: String { String(Self.split(resource).name) }

    private var resource: Substring { part(5)[...].dropFirst("role".count) }

    private func part(_ index: Int) -> String {
        // Invariant: six parts were read.
        String(description.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)[index])
    }

    /// What goes up to the last slash, and what follows it.
    private static func split(_ resource: Substring) -> (path: Substring, name: Substring) {
        // Invariant: there is a slash, because the resource starts with one.
        let slash = resource.lastIndex(of: "/") ?? resource.startIndex
        return (resource[...slash], resource[slash...].dropFirst())
    }

    /// The ARN of a session of the role, as STS names its caller; the role's path is not in it.
    public func sessionARN(_ session: RoleSessionName) -> String {
        "arn:\(partition):sts::\(accountID):assumed-role/\(roleName)/\(session)"
    }
}

extension RoleARN: CustomStringConvertible {}
