import GTokenClients
import GTokenCore
import GTokenNet

/// A managed policy of IAM.
package struct IAMPolicy: Sendable, Equatable {
    /// Its ARN.
    package var arn: String
    /// Its name without its path.
    package var name: String

    /// Whose policies.
    package enum Owner: String, Sendable, CaseIterable {
        /// AWS's own, the same in every account.
        case aws = "AWS"
        /// The account's.
        case account = "Local"
    }

    init(_ answer: AWSQueryAnswer) throws(AWSQueryError) {
        arn = try answer.text("Arn")
        name = try answer.text("PolicyName")
    }
}

extension AWSQueryCall {
    static func getPolicy(arn: String) -> AWSQueryCall {
        AWSQueryCall("GetPolicy", ["PolicyArn": arn], isRead: true)
    }
}

extension AWSQueryClient {
    func policies(of owner: IAMPolicy.Owner) async throws(AWSQueryError) -> [IAMPolicy] {
        let call = AWSQueryCall(
            "ListPolicies",
            ["Scope": owner.rawValue, "MaxItems": "1000"],
            isRead: true
        )
        var policies: [IAMPolicy] = []
        for member in try await members(call, of: "Policies") { policies.append(try IAMPolicy(member)) }
        return policies
    }
}

/// Finds managed policies by their names; what is asked of IAM is asked once, however many want to know.
actor IAMPolicyDirectory {
    private let query: AWSQueryClient
    private var known: [String: String] = [:]
    private var lists: [IAMPolicy.Owner: Task<Result<[String: String], AWSQueryError>, Never>] = [:]

    init(_ query: AWSQueryClient) { self.query = query }

    /// The ARN of the policy of a name: AWS's, else the account's; `nil` where there is none.
    ///
    /// Names are unique in an account whatever the path, and AWS's own are all of one account (IAM API, CreatePolicy).
    func arn(named name: String, partition: String) async throws(AWSQueryError) -> String? {
        if let arn = known[name] { return arn }
        let arn = try await find(name, partition: partition)
        known[name] = arn
        return arn
    }

    private func find(_ name: String, partition: String) async throws(AWSQueryError) -> String? {
        // Most of AWS's have no path; there are more than a thousand of them to list else.
        do throws(AWSQueryError) {
            let answer = try await query.answer(
                to: .getPolicy(arn: "arn:\(partition):iam::aws:policy/\(name)")
            )
            return try IAMPolicy(answer.child("Policy")).arn
        } catch  where error.isNoSuchEntity {
            // It may have a path.
        }
        for owner in IAMPolicy.Owner.allCases {
            if let arn = try await list(owner)[name] { return arn }
        }
        return nil
    }

    private func list(_ owner: IAMPolicy.Owner) async throws(AWSQueryError) -> [String: String] {
        let task = lists[owner] ?? start(owner)
        let result = await task.value
        // The next who asks tries again.
        if case .failure = result, lists[owner] == task { lists[owner] = nil }
        return try result.get()
    }

    /// The task is nobody's to cancel: who waits is many, and a call has its own deadline.
    private func start(_ owner: IAMPolicy.Owner) -> Task<Result<[String: String], AWSQueryError>, Never> {
        let query = query
        let task = Task { () -> Result<[String: String], AWSQueryError> in
            do throws(AWSQueryError) {
                let policies = try await query.policies(of: owner)
                return .success(
                    Dictionary(policies.map { ($0.name, $0.arn) }, uniquingKeysWith: { first, _ in first })
                )
            } catch {
                return .failure(error)
            }
        }
        lists[owner] = task
        return task
    }
}
