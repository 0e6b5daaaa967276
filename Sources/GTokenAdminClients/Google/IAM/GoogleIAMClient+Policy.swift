package import GTokenClients
package import GTokenCore
internal import GTokenNet
private import GTokenRuntime

/// Who may use a service account.
extension GoogleIAMClient {
    /// The policy on a service account, conditions included.
    ///
    /// One of an account that was just made (`isNew`) is waited for. The caller needs
    /// `iam.serviceAccounts.getIamPolicy`.
    package func policy(
        of email: GoogleServiceAccountEmail,
        isNew: Bool = false
    ) async throws(GoogleAPIError) -> GoogleIAMPolicy {
        guard isNew else { return try await currentPolicy(of: email) }
        let settled = try await api.settled { () async throws(GoogleAPIError) -> GoogleIAMPolicy? in
            do throws(GoogleAPIError) {
                return try await currentPolicy(of: email)
            } catch  where error.isNotFound {
                return nil
            }
        }
        if let settled { return settled }
        // What it says in the end is the error.
        return try await currentPolicy(of: email)
    }

    private func currentPolicy(
        of email: GoogleServiceAccountEmail
    ) async throws(GoogleAPIError) -> GoogleIAMPolicy {
        var request = GoogleAPIRequest(.iam, "POST", email.resourcePath, verb: "getIamPolicy")
        // Without it a policy with conditions comes without them, and would be written back so.
        request.query = ["options.requestedPolicyVersion": "3"]
        return try await api.policy(answering: request)
    }

    /// What came of changing a policy.
    package struct PolicyChange: Sendable, Equatable {
        /// The policy as it is now.
        package var policy: GoogleIAMPolicy
        /// Whether it was another before.
        package var isChanged: Bool
    }

    /// Changes the policy on a service account: reads it, and writes what `edit` makes of it while it is still the same.
    ///
    /// Where somebody else changes it in between, all is done again. What is new is not known everywhere at once: an
    /// account that `edit` names is waited for, and the account itself where it is said to be new. What `edit` does not
    /// touch stays byte for byte. The caller needs `iam.serviceAccounts.getIamPolicy` and, for a
    /// change, `iam.serviceAccounts.setIamPolicy`.
    ///
    /// - Parameters:
    ///   - email: the account.
    ///   - isNew: whether it was just made, so that its absence will pass.
    ///   - edit: what to make of the policy; called for each that was read, so it must say the same of the same.
    /// - Returns: the policy as it is now, and whether it was another.
    /// - Throws: ``GoogleAPIError``.
    package func changePolicy(
        of email: GoogleServiceAccountEmail,
        isNew: Bool = false,
        _ edit: @Sendable (GoogleIAMPolicy) -> GoogleIAMPolicy
    ) async throws(GoogleAPIError) -> PolicyChange {
        let start = api.clock.now()
        let end = start + api.limits.patience
        // It may also be a name that nobody has, which whoever wrote it wants to know soon.
        let memberEnd = min(end, start + .seconds(30))
        var backoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
        var hasWritten = false
        while true {
            let failure: GoogleAPIError
            do throws(GoogleAPIError) {
                let old = try await policy(of: email)
                let new = edit(old)
                // An attempt without an answer may have been the change that is seen now.
                guard new != old else { return PolicyChange(policy: old, isChanged: hasWritten) }
                hasWritten = true
                return PolicyChange(policy: try await set(new, on: email), isChanged: true)
            } catch {
                failure = error
            }
            let delay = backoff.next()
            let passes = failure.isConflict || isNew && failure.isNotFound
            guard api.clock.now() + delay < (passes ? end : failure.isUnknownMember ? memberEnd : start)
            else {
                throw failure
            }
            try await api.clock.sleep(for: delay, cancelled: GoogleAPIError.cancelled)
        }
    }

    private func set(
        _ policy: GoogleIAMPolicy,
        on email: GoogleServiceAccountEmail
    ) async throws(GoogleAPIError) -> GoogleIAMPolicy {
        var body = JSONWriter()
        body.object { $0.member("policy") { $0.raw(policy.document.root.rawBytes) } }
        return try await api.policy(
            answering: GoogleAPIRequest(
                .iam,
                "POST",
                email.resourcePath,
                verb: "setIamPolicy",
                body: body.bytes
            )
        )
    }
}

extension GoogleAPIError {
    /// Whether IAM does not know a service account that a policy names.
    fileprivate var isUnknownMember: Bool {
        guard let status, status.status == "INVALID_ARGUMENT" else { return false }
        return status.message.hasPrefix("Service account ") && status.message.hasSuffix("does not exist.")
    }
}

extension GoogleAPIClient {
    /// The policy that a call is answered with.
    func policy(answering request: GoogleAPIRequest) async throws(GoogleAPIError) -> GoogleIAMPolicy {
        let answer = try await call(request)
        do throws(GoogleIAMPolicyError) {
            return try GoogleIAMPolicy(answer.bytes)
        } catch {
            throw malformed(request)
        }
    }
}
