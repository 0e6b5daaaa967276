/// What the ARNs of IAM's resources have in common: `arn:PARTITION:iam::ACCOUNT:TYPE/…`.
struct IAMResourceARN {
    let partition: String
    /// The account's 12 digits.
    let accountID: String
    /// What follows the resource's type, from the slash on.
    let resource: Substring

    /// Takes an ARN apart.
    init(parsing text: String, as expected: ExpectedARN) throws(ARNError) {
        let count = text.utf8.count
        guard 20...2048 ~= count else { throw ARNError(expected, .length(count)) }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn" else { throw ARNError(expected, .notAnARN) }
        guard Self.isPartition(parts[1]) else { throw ARNError(expected, .partition) }
        guard parts[2] == "iam" else { throw ARNError(expected, .service) }
        guard parts[3].isEmpty else { throw ARNError(expected, .region) }
        guard Self.isAccountID(parts[4]) else { throw ARNError(expected, .accountID) }
        guard parts[5].hasPrefix(expected.rawValue + "/") else { throw ARNError(expected, .resource) }
        partition = String(parts[1])
        accountID = String(parts[4])
        resource = parts[5].dropFirst(expected.rawValue.count)
    }

    /// Whether a text can be the name of a partition, known or still to come.
    static func isPartition(_ text: some StringProtocol) -> Bool {
        text.hasPrefix("aws") && text.utf8.allSatisfy { NameRule.isLowercaseAlphanumeric($0) || $0 == .minus }
    }

    /// Whether a text can be an account.
    static func isAccountID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy(\.isDigit)
    }
}
