import GTokenCore
import GTokenNet
import GTokenRuntime

/// `getIamPolicy` and `setIamPolicy` of service accounts.
extension GoogleCloud {
    func getPolicy(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let version = request.query("options.requestedPolicyVersion").flatMap { Int($0) } ?? 1
        return try change(request, "getIamPolicy") { $0.policy.json(requestedVersion: version) }
    }

    func setPolicy(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        guard let policy = try request.body()["policy"], policy.isObject else {
            throw .invalid("Policy is required.")
        }
        try checkMembers(of: policy)
        overtake(request)
        return try change(request, "setIamPolicy") { (account) throws(GoogleFailure) in
            try account.policy.replace(with: policy)
            return account.policy.json(requestedVersion: 3)
        }
    }

    /// Somebody else writes first, where the stand-in was told so.
    private func overtake(_ request: GoogleCloudRequest) {
        state.withLock { state in
            guard state.behaviour.concurrentPolicyChanges > 0, let account = state.account(request.path[4])
            else {
                return
            }
            state.behaviour.concurrentPolicyChanges -= 1
            state.accounts[account.email]?.policy.touch()
        }
    }

    /// That the members of a policy are there: IAM takes no account and no workload pool that does not exist.
    private func checkMembers(of policy: JSONValue) throws(GoogleFailure) {
        for binding in policy["bindings"]?.elements.map({ $0 }) ?? [] {
            let members = binding["members"]?.elements.compactMap { $0.string() } ?? []
            for member in members where member.hasPrefix("serviceAccount:") {
                try check(member)
            }
        }
    }

    private func check(_ member: String) throws(GoogleFailure) {
        let name = String(member.dropFirst("serviceAccount:".count))
        if let bracket = name.firstIndex(of: "[") {
            let pool = String(name[..<bracket])
            guard (try? WorkloadPoolMember(parsing: member)) != nil else {
                throw .invalid("Invalid service account (\(name)).")
            }
            let isThere = state.withLock { state in
                state.clusters.values.contains { $0.hasWorkloadIdentity && $0.workloadPool == pool }
            }
            guard isThere else {
                throw .invalid(
                    "Identity Pool does not exist (\(pool)). Please check that you specified a valid resource name "
                        + "as returned in the `name` attribute in the configuration API."
                )
            }
        } else if let email = try? GoogleServiceAccountEmail(parsing: name), email.project != nil {
            let isThere = state.withLock { state in
                guard let project = email.project, state.projects["\(project)"] != nil else { return true }
                guard let account = state.accounts[email] else { return false }
                guard account.unknownFor > 0 else { return true }
                state.accounts[email]?.unknownFor -= 1
                return false
            }
            guard isThere else { throw .invalid("Service account \(name) does not exist.") }
        }
    }
}
