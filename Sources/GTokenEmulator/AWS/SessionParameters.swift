import GTokenCore

/// What both ways of assuming a role take, within the limits of STS's API reference.
struct SessionParameters: Sendable {
    var role: RoleARN
    var sessionName: RoleSessionName
    var duration: Int64
    var policy: String?
    var policyARNs: [String]

    /// Reads and checks them, and what `besides` checks of an action's own; AWS reports all problems at once.
    init(
        _ parameters: AWSQueryParameters,
        besides: (inout STSValidation) -> Void = { _ in }
    ) throws(AWSFailure) {
        var validation = STSValidation(parameters)
        let roleText = validation.text("RoleArn", 20...2048)
        let sessionText = validation.text("RoleSessionName", 2...64)
        besides(&validation)
        let session = try? RoleSessionName(parsing: sessionText)
        if session == nil, 2...64 ~= sessionText.unicodeScalars.count {
            validation.complain(
                "Value '\(sessionText)' at 'roleSessionName'",
                "Member must satisfy regular expression pattern: [\\w+=,.@-]*"
            )
        }
        let durationText = parameters["DurationSeconds"] ?? "3600"
        duration = Int64(durationText) ?? 0
        for (isOutside, bound) in [
            (duration < 900, "greater than or equal to 900"),
            (duration > 43_200, "less than or equal to 43200"),
        ] where isOutside {
            validation.complain(
                "Value '\(durationText.prefix(20))' at 'durationSeconds'",
                "Member must have value \(bound)"
            )
        }
        policyARNs = parameters.members("PolicyArns", "arn")
        if policyARNs.count > 10 {
            validation.complain("Value at 'policyArns'", "Member must have length less than or equal to 10")
        }
        try validation.finish()
        guard let session else { throw .validation("\(sessionText) is invalid") }
        guard let role = try? RoleARN(parsing: roleText) else { throw .validation("\(roleText) is invalid") }
        for arn in policyARNs {
            // Policies of other accounts cannot be named; whether there is such a one is not looked up.
            let account = arn.split(separator: ":", omittingEmptySubsequences: false).dropFirst(4).first
            guard case .arn? = try? PolicyReference(parsing: arn),
                account.map({ $0 == "aws" || $0 == role.accountID }) ?? false
            else { throw .validation("\(arn.prefix(200)) is invalid") }
        }
        self.role = role
        sessionName = session
        policy = parameters["Policy"]
    }
}

/// What AssumeRole takes besides.
struct RoleChangeParameters: Sendable {
    var session: SessionParameters
    var tags: [SessionTag]
    var sourceIdentity: String?
    var externalID: String?

    init(_ parameters: AWSQueryParameters) throws(AWSFailure) {
        let keys = parameters.members("Tags", "Key")
        let values = parameters.members("Tags", "Value")
        session = try SessionParameters(parameters) { validation in
            if parameters["SourceIdentity"] != nil { _ = validation.text("SourceIdentity", 2...64) }
            if parameters["ExternalId"] != nil { _ = validation.text("ExternalId", 2...1224) }
            if keys.count > SessionTag.maxCount {
                validation.complain(
                    "Value at 'tags'",
                    "Member must have length less than or equal to \(SessionTag.maxCount)"
                )
            }
        }
        sourceIdentity = parameters["SourceIdentity"]
        externalID = parameters["ExternalId"]
        guard keys.count == values.count else { throw .validation("Each tag must have a key and a value") }
        tags = []
        for (key, value) in zip(keys, values) {
            guard let tag = SessionTag(key: key, value: value) else {
                throw .validation("The tag with the key \(key.prefix(128)) is invalid")
            }
            tags.append(tag)
        }
        guard Set(tags.map { $0.key.lowercased() }).count == tags.count else {
            throw AWSFailure(
                status: 400,
                code: "InvalidParameterValue",
                message: "Duplicate tag keys found. Please note that Tag keys are case insensitive."
            )
        }
        guard parameters.members("TransitiveTagKeys").isEmpty else {
            throw .validation("Transitive tags are not emulated")
        }
    }
}

extension AWSQueryParameters {
    /// The members of a list, `NAME.member.1` and on, or of each the field of this name.
    fileprivate func members(_ name: String, _ field: String? = nil) -> [String] {
        var members: [String] = []
        // A body has no more parameters than this.
        while members.count < 1000,
            let value = self["\(name).member.\(members.count + 1)" + (field.map { ".\($0)" } ?? "")]
        {
            members.append(value)
        }
        return members
    }
}
