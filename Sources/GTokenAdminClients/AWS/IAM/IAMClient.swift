package import GTokenClients
package import GTokenCore
import GTokenNet
import GTokenRuntime

/// Identity and Access Management (API version 2010-05-08), as far as gtokenctl needs it.
///
/// Everything may be called again: what is there already, or gone already, is said with a typed error. IAM is
/// eventually consistent: what was written is read for certain only after ``settled(_:_:)``.
package struct IAMClient: Sendable {
    /// What calls.
    package let query: AWSQueryClient
    private let policies: IAMPolicyDirectory

    /// Makes a client.
    package init(_ query: AWSQueryClient) {
        self.query = query
        policies = IAMPolicyDirectory(query)
    }

    /// The managed policy that a reference means, found by its name where it is no ARN: AWS's own of that name,
    /// whatever its path, else the account's.
    ///
    /// - Parameters:
    ///   - reference: an ARN is answered as it is.
    ///   - partition: the caller's.
    /// - Returns: the policy's ARN; `nil` where no policy has the name.
    /// - Throws: ``AWSQueryError``.
    package func policyARN(
        _ reference: PolicyReference,
        partition: String
    ) async throws(AWSQueryError) -> String? {
        switch reference {
        case .arn(let arn): arn
        case .name(let name): try await policies.arn(named: name, partition: partition)
        }
    }

    /// A managed policy.
    package func getPolicy(arn: String) async throws(AWSQueryError) -> IAMPolicy {
        try IAMPolicy(try await query.answer(to: .getPolicy(arn: arn)).child("Policy"))
    }

    /// All managed policies of AWS, or the account's own.
    package func listPolicies(_ owner: IAMPolicy.Owner) async throws(AWSQueryError) -> [IAMPolicy] {
        try await query.policies(of: owner)
    }

    /// Asks until there is something, as long as a call may take: IAM shows what was written a while later.
    ///
    /// - Parameters:
    ///   - what: what is waited for, as an error names it.
    ///   - question: answers `nil` as long as it is not there; IAM's `NoSuchEntity` counts as that.
    /// - Returns: what it is in the end.
    /// - Throws: ``AWSQueryError/notSettled(_:)`` where it does not come.
    package func settled<Answer: Sendable>(
        _ what: String,
        _ question: () async throws(AWSQueryError) -> Answer?
    ) async throws(AWSQueryError) -> Answer {
        let end = query.clock.now() + query.limits.patience
        var backoff = Backoff(floor: .milliseconds(200), base: .milliseconds(500), cap: .seconds(8))
        while true {
            do throws(AWSQueryError) {
                if let answer = try await question() { return answer }
            } catch  where error.isNoSuchEntity {
                // Not there yet.
            }
            let delay = backoff.next()
            guard query.clock.now() + delay < end else { throw .notSettled(what) }
            try await query.clock.sleep(for: delay, cancelled: AWSQueryError.cancelled)
        }
    }

    /// Makes a call whose answer has nothing to read.
    func perform(_ action: String, _ parameters: HTTPForm) async throws(AWSQueryError) {
        _ = try await query.answer(to: AWSQueryCall(action, parameters))
    }

    /// Makes a call that changes nothing.
    func read(_ action: String, _ parameters: HTTPForm = [:]) async throws(AWSQueryError) -> AWSQueryAnswer {
        try await query.answer(to: AWSQueryCall(action, parameters, isRead: true))
    }
}
