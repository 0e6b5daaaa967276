import GTokenCore
import GTokenNet
import GTokenRuntime

extension AWSEmulator {
    /// Makes the signer of a request a session of another role, where that role's trust policy allows it.
    ///
    /// What the signer's own policies allow is not evaluated.
    func assumeRole(
        _ values: AWSQueryParameters,
        _ request: HTTPRequest
    ) throws(AWSFailure) -> [AWSQueryXML.Node] {
        let caller = try authenticate(request, for: "sts")
        let parameters = try RoleChangeParameters(values)
        let session = parameters.session
        try checkSessionPolicy(session.policy)
        let now = clock.now()
        let role = state.withLock { $0.iam.visible(at: now) }[session.role]
        for action in parameters.actions(of: caller) {
            let denied = { (detail: String) in
                AWSFailure.accessDenied(to: caller.arn, action, on: session.role, because: detail)
            }
            // The caller is not told whether there is no such role or it does not trust the caller.
            guard let role else { throw denied("no such role") }
            let question = PolicyRequest(
                principal: caller.principals[0],
                otherPrincipals: Array(caller.principals.dropFirst()),
                action: action,
                context: parameters.context(of: caller)
            )
            try check(question, by: role, denied: denied)
        }
        guard
            caller.sourceIdentity == nil || [nil, caller.sourceIdentity].contains(parameters.sourceIdentity)
        else {
            throw .accessDenied(
                to: caller.arn,
                "sts:SetSourceIdentity",
                on: session.role,
                because: "the source identity is set"
            )
        }
        guard let role else { throw .validation("\(session.role) is invalid") }
        guard caller.role == nil || session.duration <= Self.longestChainedSession else {
            throw .validation(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
            )
        }
        try checkDuration(session.duration, of: role)
        let made = issue(role, session.sessionName, for: .seconds(session.duration), at: now) {
            $0.tags = parameters.tags
            $0.sourceIdentity = parameters.sourceIdentity ?? caller.sourceIdentity
        }
        return answer(made)
    }

    /// STS API, AssumeRole: DurationSeconds.
    private static let longestChainedSession: Int64 = 3600
}

extension RoleChangeParameters {
    /// What the trust policy has to allow for all that is asked.
    fileprivate func actions(of caller: AWSEmulator.Session) -> [String] {
        ["sts:AssumeRole"] + (tags.isEmpty ? [] : ["sts:TagSession"])
            + (sourceIdentity == nil && caller.sourceIdentity == nil ? [] : ["sts:SetSourceIdentity"])
    }

    /// The condition keys of the request (IAM User Guide, "AWS global condition context keys", and those of STS).
    fileprivate func context(of caller: AWSEmulator.Session) -> [String: [String]] {
        var context = [
            "sts:RoleSessionName": [session.sessionName.description],
            "aws:PrincipalArn": [caller.role?.description ?? caller.arn],
            "aws:PrincipalAccount": [caller.accountID],
        ]
        context["sts:ExternalId"] = externalID.map { [$0] }
        context["sts:SourceIdentity"] = sourceIdentity.map { [$0] }
        context["aws:SourceIdentity"] = caller.sourceIdentity.map { [$0] }
        for tag in tags { context["aws:RequestTag/\(tag.key)"] = [tag.value] }
        if !tags.isEmpty { context["aws:TagKeys"] = tags.map(\.key) }
        for tag in caller.tags { context["aws:PrincipalTag/\(tag.key)"] = [tag.value] }
        return context
    }
}

extension AWSEmulator.Session {
    /// How trust policies can name who has these credentials, the nearest first (IAM User Guide, "AWS JSON policy
    /// elements: Principal").
    fileprivate var principals: [PolicyPrincipal] {
        let partition = arn.split(separator: ":").dropFirst().first ?? "aws"
        let names = [
            role?.description, arn, "arn:\(partition):iam::\(accountID):root", accountID,
        ]
        return names.compactMap { $0.map { PolicyPrincipal(type: "AWS", id: $0) } }
    }
}
