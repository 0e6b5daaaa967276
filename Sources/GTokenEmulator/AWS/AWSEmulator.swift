package import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// A stand-in for AWS's Security Token Service: AssumeRoleWithWebIdentity and GetCallerIdentity over the query API.
///
/// Tokens are verified against the keys of their issuer, the role's trust policy is evaluated, the credentials
/// that are handed out are remembered, and requests signed with them are checked, signature and all.
package final class AWSEmulator: Sendable {
    /// What was asked; the note is the action and, where it failed, the error's code.
    package let journal = EmulatorJournal()

    let clock: any Clock
    let state: Locked<State>

    struct State {
        var providers: [WebIdentityProvider]
        var roles: [String: Role] = [:]
        var sessions: [String: Session] = [:]
        var delay = Duration.zero
        var script: [STSFailure] = []
    }

    struct Role {
        var arn: RoleARN
        var trust: PolicyEvaluator
        var maxSessionSeconds: Int64
    }

    /// Credentials that were handed out, and whom they make.
    struct Session {
        var credentials: AWSCredentials
        var arn: String
        var userID: String
        var accountID: String
    }

    /// Makes a stand-in without roles, which knows Google.
    package init(googleKeys: @escaping WebIdentityProvider.KeySource, clock: any Clock) {
        self.clock = clock
        state = Locked(State(providers: [.google(keys: googleKeys)]))
    }

    /// Makes an identity provider, or replaces the one of the same name in trust policies.
    package func register(_ provider: WebIdentityProvider) {
        state.withLock { state in
            state.providers.removeAll { $0.principal == provider.principal }
            state.providers.append(provider)
        }
    }

    /// Makes a role, or replaces the one of the same ARN.
    ///
    /// - Throws: ``PolicyEvaluationError`` for a trust policy that cannot be evaluated, or that IAM would not take.
    package func register(
        _ role: RoleARN,
        trustPolicy: PolicyDocument,
        maxSessionDuration: Duration = .seconds(3600)
    ) throws(PolicyEvaluationError) {
        let trust = try PolicyEvaluator(trustPolicy: trustPolicy)
        let seconds = maxSessionDuration.components.seconds
        state.withLock {
            $0.roles[role.description] = Role(arn: role, trust: trust, maxSessionSeconds: seconds)
        }
    }

    /// Makes each answer take at least this long from now on.
    package func setDelay(_ delay: Duration) { state.withLock { $0.delay = delay } }

    /// Makes the next requests fail like this, one each.
    package func failNext(_ failures: [STSFailure]) { state.withLock { $0.script += failures } }

    /// Answers a request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let requestID = Hexadecimal.uuid(Crypto.randomBytes(16))
        var note = ""
        var response: HTTPResponse
        do throws(STSFailure) {
            let parameters = try STSParameters(request)
            let action = try parameters.action()
            note = String(action.prefix(100))
            try await waitAndFail()
            let result = try await perform(action, parameters, request)
            response = STSXML.success(action, result, requestID: requestID)
        } catch {
            note = [note, error.code, error.detail].filter { !$0.isEmpty }.joined(separator: ": ")
            response = STSXML.failure(error, requestID: requestID)
        }
        if request.method == "HEAD" { response.body = [] }
        journal.add(
            JournalEntry(
                time: clock.now(),
                method: request.method,
                path: request.path,
                status: response.status,
                note: note
            )
        )
        return response
    }

    private func waitAndFail() async throws(STSFailure) {
        let (delay, failure) = state.withLock { state in
            (state.delay, state.script.isEmpty ? nil : state.script.removeFirst())
        }
        if delay > .zero {
            do throws(CancellationError) {
                try await clock.sleep(for: delay)
            } catch {
                throw STSFailure(status: 503, code: "ServiceUnavailable", message: "Service is shutting down")
            }
        }
        if let failure { throw failure }
    }

    private func perform(
        _ action: String,
        _ parameters: STSParameters,
        _ request: HTTPRequest
    ) async throws(STSFailure) -> [STSXML.Node] {
        switch action {
        case "AssumeRoleWithWebIdentity": return try await assumeRole(AssumeRoleParameters(parameters))
        case "GetCallerIdentity": return try callerIdentity(request)
        default:
            throw STSFailure(
                status: 400,
                code: "InvalidAction",
                message: "Could not find operation \(action.prefix(100)) for version 2011-06-15"
            )
        }
    }
}
