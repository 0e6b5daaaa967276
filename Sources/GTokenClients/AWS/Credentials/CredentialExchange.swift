package import GTokenCore
package import GTokenRuntime

/// Exchanges an ID token for credentials of a role, and those for credentials of another role where there is one.
///
/// What may succeed a little later is tried again, a few times.
package struct CredentialExchange: Sendable {
    /// Gets the ID token.
    package typealias TokenSource = @Sendable () async throws(ToolError) -> String

    private let sts: STSClient
    private let token: TokenSource
    private let role: RoleARN
    private let sessionName: RoleSessionName
    private let change: RoleChange?
    private let duration: Duration?
    private let policyARNs: [String]
    private let clock: any Clock

    /// The most that a question is asked.
    package static let maxAttempts = 5

    /// Makes an exchange as it is configured.
    ///
    /// How long the credentials last and what they may do at most is asked of the session that is handed out: with a
    /// second role, of that role's.
    package init(
        _ configuration: CredentialConfiguration,
        sts: STSClient,
        token: @escaping TokenSource,
        clock: any Clock
    ) {
        self.sts = sts
        self.token = token
        self.clock = clock
        role = configuration.role
        sessionName = configuration.sessionName
        change = configuration.chain.map { chain in
            var change = RoleChange(role: chain.role, sessionName: chain.sessionName)
            change.duration = configuration.duration
            change.policyARNs = configuration.policyARNs
            change.tags = chain.tags
            change.sourceIdentity = chain.sourceIdentity
            change.externalID = chain.externalID
            return change
        }
        duration = change == nil ? configuration.duration : nil
        policyARNs = change == nil ? configuration.policyARNs : []
    }

    /// New credentials.
    package func credentials() async throws(CredentialExchangeError) -> SessionCredentials {
        let exchange: WebIdentityExchange
        do throws(ToolError) {
            exchange = WebIdentityExchange(
                role: role,
                sessionName: sessionName,
                token: try await token(),
                duration: duration,
                policyARNs: policyARNs
            )
        } catch {
            throw .token(error)
        }
        var start = clock.now()
        var session = try await repeating(.webIdentity(role)) { () async throws(AWSQueryError) in
            try await sts.assumeRoleWithWebIdentity(exchange)
        }
        if let change {
            let first = session.credentials
            start = clock.now()
            session = try await repeating(.chain(change.role, from: role)) {
                () async throws(AWSQueryError) in
                try await sts.assumeRole(change, with: first)
            }
        }
        guard let credentials = SessionCredentials(session, issuedAt: start) else {
            throw .sts(.missingElement(action: "AssumeRole", "Credentials"), .webIdentity(role))
        }
        return credentials
    }

    private func repeating(
        _ step: CredentialExchangeError.Step,
        _ ask: () async throws(AWSQueryError) -> AssumedRole
    ) async throws(CredentialExchangeError) -> AssumedRole {
        var backoff = Backoff(base: .milliseconds(500), cap: .seconds(5))
        while true {
            let failure: AWSQueryError
            do throws(AWSQueryError) {
                return try await ask()
            } catch {
                failure = error
            }
            let wait = backoff.next()
            guard failure.isTransient, backoff.attempts < Self.maxAttempts else { throw .sts(failure, step) }
            try await clock.sleep(for: wait, cancelled: CredentialExchangeError.cancelled)
        }
    }
}
