internal import GTokenCore
internal import GTokenNet

extension AWSQueryCall {
    /// Whom AWS takes the caller for; it needs no permission.
    package static let getCallerIdentity = AWSQueryCall("GetCallerIdentity", isRead: true)

    /// An ID token for credentials of a role; it is not signed.
    package static func assumeRoleWithWebIdentity(_ exchange: WebIdentityExchange) -> AWSQueryCall {
        var call = AWSQueryCall(
            "AssumeRoleWithWebIdentity",
            ["RoleArn": "\(exchange.role)", "RoleSessionName": "\(exchange.sessionName)"],
            secrets: [exchange.token]
        )
        call.parameters.add("WebIdentityToken", exchange.token)
        call.parameters.add(duration: exchange.duration, policyARNs: exchange.policyARNs)
        return call
    }

    /// Credentials of the caller for those of a role.
    package static func assumeRole(_ change: RoleChange) -> AWSQueryCall {
        var call = AWSQueryCall(
            "AssumeRole",
            ["RoleArn": "\(change.role)", "RoleSessionName": "\(change.sessionName)"]
        )
        call.parameters.add(duration: change.duration, policyARNs: change.policyARNs)
        for (number, tag) in zip(1..., change.tags) {
            call.parameters.add("Tags.member.\(number).Key", tag.key)
            call.parameters.add("Tags.member.\(number).Value", tag.value)
        }
        if let identity = change.sourceIdentity { call.parameters.add("SourceIdentity", identity) }
        if let externalID = change.externalID { call.parameters.add("ExternalId", externalID) }
        return call
    }
}

extension HTTPForm {
    /// What both ways of assuming a role have in common.
    fileprivate mutating func add(duration: Duration?, policyARNs: [String]) {
        if let duration { add("DurationSeconds", String(duration.components.seconds)) }
        for (number, arn) in zip(1..., policyARNs) { add("PolicyArns.member.\(number).arn", arn) }
    }
}
