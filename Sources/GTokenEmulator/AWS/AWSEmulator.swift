package import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// A stand-in for AWS's Security Token Service and IAM, over the query API.
///
/// Tokens are verified against the keys of their issuer, the role's trust policy is evaluated, the credentials
/// that are handed out are remembered, and requests signed with them are checked, signature and all. What IAM is
/// told, STS goes by.
package final class AWSEmulator: Sendable {
    /// What was asked; the note is the action and, where it failed, the error's code.
    package let journal = EmulatorJournal()

    let clock: any Clock
    let state: Locked<State>

    struct State {
        /// Google, which every account knows.
        let google: WebIdentityProvider
        /// The keys of the issuers that can be reached.
        var issuerKeys: [OpenIDConnectIssuer: WebIdentityProvider.KeySource] = [:]
        var iam = IAMHistory()
        var faults = AWSFaults()
        /// The requests of one second.
        var recent = (second: Int64.min, count: 0)
        var sessions: [String: Session] = [:]
        var delay = Duration.zero
        var script: [AWSFailure] = []
    }

    /// Credentials that were handed out, and whom they make.
    struct Session {
        var credentials: AWSCredentials
        var arn: String
        var userID: String
        var accountID: String
        var isAdministrator = false
        /// The role that this is a session of; `nil` for a user's keys.
        var role: RoleARN?
        /// The tags of the session.
        var tags: [SessionTag] = []
        /// Who is behind the session, which no session made from it can change.
        var sourceIdentity: String?
    }

    /// Makes a stand-in without roles, which knows Google.
    package init(googleKeys: @escaping WebIdentityProvider.KeySource, clock: any Clock) {
        self.clock = clock
        state = Locked(State(google: .google(keys: googleKeys)))
    }

    /// Makes an issuer known, so that its keys can be had by whoever has a provider for it.
    package func register(_ issuer: OpenIDConnectIssuer, keys: @escaping WebIdentityProvider.KeySource) {
        state.withLock { $0.issuerKeys[issuer] = keys }
    }

    /// Makes an identity provider in IAM, or replaces the one of the same ARN, and makes its issuer known.
    package func register(
        _ arn: OpenIDConnectProviderARN,
        clientIDs: [String],
        keys: @escaping WebIdentityProvider.KeySource
    ) {
        register(arn.issuer, keys: keys)
        let provider = IAMStore.Provider(arn: arn, createdAt: clock.now(), clientIDs: clientIDs)
        changeIAM { $0[provider: "\(arn)"] = provider }
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
        let made = IAMStore.Role(
            arn: role,
            id: "AROA" + Self.base32(Crypto.randomBytes(17)),
            createdAt: clock.now(),
            trustPolicy: String(decoding: trustPolicy.encoded, as: UTF8.self),
            trust: trust,
            maxSessionSeconds: maxSessionDuration.components.seconds
        )
        changeIAM { $0[role: role.roleName, of: role.accountID] = made }
    }

    /// Makes each answer take at least this long from now on.
    package func setDelay(_ delay: Duration) { state.withLock { $0.delay = delay } }

    /// Says what goes wrong from now on.
    package func setFaults(_ faults: AWSFaults) { state.withLock { $0.faults = faults } }

    /// Makes the next requests fail like this, one each.
    package func failNext(_ failures: [AWSFailure]) { state.withLock { $0.script += failures } }

    /// Answers a request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let requestID = Hexadecimal.uuid(Crypto.randomBytes(16))
        var note = ""
        var response: HTTPResponse
        var api = AWSQueryXML.sts
        do throws(AWSFailure) {
            let parameters = try AWSQueryParameters(request)
            let action: String
            (action, api) = try parameters.action()
            note = String(action.prefix(100))
            try await waitAndFail()
            let result =
                api == .iam
                ? try performIAM(action, parameters, request)
                : try await performSTS(action, parameters, request)
            response = api.success(action, result, requestID: requestID)
        } catch {
            note = [note, error.code, error.detail].filter { !$0.isEmpty }.joined(separator: ": ")
            response = api.failure(error, requestID: requestID)
        }
        // Every answer of AWS says when it was made: whoever signs can see how far its own clock is off.
        response.headers.set("Date", HTTPDate.text(clock.now()))
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

    private func waitAndFail() async throws(AWSFailure) {
        let second = clock.now().seconds
        let (delay, failure) = state.withLock { state in
            (state.delay, state.nextFailure(in: second))
        }
        if delay > .zero {
            do throws(CancellationError) {
                try await clock.sleep(for: delay)
            } catch {
                throw AWSFailure(status: 503, code: "ServiceUnavailable", message: "Service is shutting down")
            }
        }
        if let failure { throw failure }
    }

    private func performSTS(
        _ action: String,
        _ parameters: AWSQueryParameters,
        _ request: HTTPRequest
    ) async throws(AWSFailure) -> [AWSQueryXML.Node] {
        switch action {
        case "AssumeRoleWithWebIdentity": return try await assumeRoleWithWebIdentity(parameters)
        case "AssumeRole": return try assumeRole(parameters, request)
        case "GetCallerIdentity": return try callerIdentity(request)
        default:
            throw .invalidAction(action, of: .sts)
        }
    }
}

extension AWSEmulator.State {
    /// What the next request fails with, if it does.
    fileprivate mutating func nextFailure(in second: Int64) -> AWSFailure? {
        recent = recent.second == second ? (second, recent.count + 1) : (second, 1)
        if !script.isEmpty { return script.removeFirst() }
        if faults.isDown {
            return AWSFailure(
                status: 503,
                code: "ServiceUnavailable",
                message: "The request has failed due to a temporary failure of the server."
            )
        }
        guard let most = faults.requestsPerSecond, recent.count > most else { return nil }
        return AWSFailure(status: 400, code: "Throttling", message: "Rate exceeded")
    }
}
