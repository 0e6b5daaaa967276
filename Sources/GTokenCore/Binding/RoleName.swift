/// An AWS role as an administrator names it: `NAME`, or with its path in front, `team/app/NAME`.
package struct RoleName: Sendable, Hashable {
    /// `/`, or the path with a slash at both ends.
    package let path: String
    /// 1 to 64 characters of `[\w+=,.@-]` (IAM API, CreateRole).
    package let name: String

    /// Reads a name; a leading slash may stand or not.
    ///
    /// - Throws: ``ARNError`` for the part that IAM would not take.
    package init(parsing text: String) throws(ARNError) {
        // What is allowed is written once, in the ARN; its account is nobody's.
        let arn = try RoleARN(
            parsing: "arn:aws:iam::000000000000:role\(text.hasPrefix("/") ? "" : "/")\(text)"
        )
        path = arn.path
        name = arn.roleName
    }

    /// The role's ARN in an account.
    ///
    /// - Throws: ``ARNError`` for a partition or an account that cannot be one.
    package func arn(partition: String, accountID: String) throws(ARNError) -> RoleARN {
        try RoleARN(parsing: "arn:\(partition):iam::\(accountID):role\(path)\(name)")
    }
}

extension RoleName: CustomStringConvertible {
    /// The name with its path, where it has one.
    package var description: String { path.dropFirst() + name }
}
