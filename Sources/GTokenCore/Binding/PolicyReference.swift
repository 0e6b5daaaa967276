/// A managed policy of IAM as an administrator names it.
package enum PolicyReference: Sendable, Hashable {
    /// By its ARN, taken as it is: `arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess`.
    case arn(String)
    /// By its name alone: AWS's own policy of that name, else the account's.
    case name(String)

    /// Reads a reference; what begins with `arn:` is an ARN.
    ///
    /// - Throws: ``PolicyReferenceError`` where IAM would not take it.
    package init(parsing text: String) throws(PolicyReferenceError) {
        guard text.hasPrefix("arn:") else {
            // IAM API, CreatePolicy: PolicyName.
            guard 1...128 ~= text.utf8.count, text.utf8.allSatisfy(NameRule.isIAMNameCharacter) else {
                throw PolicyReferenceError()
            }
            self = .name(text)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard 20...2048 ~= text.utf8.count, parts.count == 6, IAMResourceARN.isPartition(parts[1]),
            parts[2] == "iam",
            parts[3].isEmpty, parts[4] == "aws" || IAMResourceARN.isAccountID(parts[4]),
            parts[5].hasPrefix("policy/"), parts[5].utf8.allSatisfy({ 0x21...0x7E ~= $0 }),
            let name = parts[5].split(separator: "/", omittingEmptySubsequences: false).last, !name.isEmpty,
            name.utf8.allSatisfy(NameRule.isIAMNameCharacter)
        else { throw PolicyReferenceError() }
        self = .arn(text)
    }
}

extension PolicyReference: CustomStringConvertible {
    /// The ARN or the name, as it was written.
    package var description: String {
        switch self {
        case .arn(let text), .name(let text): text
        }
    }
}

/// A text that names no managed policy.
package struct PolicyReferenceError: Error, Equatable, CustomStringConvertible {
    /// What was expected.
    package var description: String {
        "expected a policy's name or its ARN (arn:aws:iam::123456789012:policy/NAME)"
    }
}
