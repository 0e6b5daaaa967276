package import GTokenCore
package import GTokenRuntime

/// Gets credentials of a role for an ID token, and where asked for those of a second role from the first.
///
/// What may succeed a little later is asked again: throttling, a service that is not well, an issuer whose keys AWS could not
/// fetch in time. What says that the request is wrong is not.
package struct RoleCredentialsSource: Sendable {
    /// Gets an ID token.
    package typealias Token = @Sendable () async throws(RoleCredentialsError) -> String

    /// What is asked for.
    package struct Request: Sendable {
        /// The role that the token assumes.
        package var role: RoleARN
        /// The session's name.
        package var sessionName: RoleSessionName
        /// How long its credentials are to last.
        package var duration: Duration?
        /// Managed policies that the session may not go beyond.
        package var policyARNs: [String]
        /// The second role.
        package var chain: RoleChange?

        /// A request for a role.
        package init(
            role: RoleARN,
            sessionName: RoleSessionName,
            duration: Duration? = nil,
            policyARNs: [String] = [],
            chain: RoleChange? = nil
        ) {
            self.role = role
            self.sessionName = sessionName
            self.duration = duration
            self.policyARNs = policyARNs
            self.chain = chain
        }
    }

    private let token: Token
    private let client: STSClient
    private let request: Request
    private let clock: any Clock
    /// Beyond this an SDK has given up on us (botocore waits a minute for a credential process).
    private static let patience = Duration.seconds(30)
    private static let maxAttempts = 6

    /// Makes a source.
    package init(token: @escaping Token, client: STSClient, request: Request, clock: any Clock) {
        self.token = token
        self.client = client
        self.request = request
        self.clock = clock
    }

    /// Credentials that were made now.
    ///
    /// - Throws: ``RoleCredentialsError`` of the last attempt.
    package func credentials() async throws(RoleCredentialsError) -> AssumedRole {
        let token = try await token()
        let start = clock.now()
        let first = try await repeating(since: start, role: request.role) { () async throws(STSClientError) in
            try await client.assumeRoleWithWebIdentity(
                WebIdentityExchange(
                    role: request.role,
                    sessionName: request.sessionName,
                    token: token,
                    duration: request.duration,
                    policyARNs: request.policyARNs
                )
            )
        }
        guard let chain = request.chain else { return first }
        return try await repeating(since: start, role: chain.role) { () async throws(STSClientError) in
            try await client.assumeRole(chain, with: first.credentials)
        }
    }

    private func repeating(
        since start: UnixTime,
        role: RoleARN,
        _ ask: () async throws(STSClientError) -> AssumedRole
    ) async throws(RoleCredentialsError) -> AssumedRole {
        var backoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
        while true {
            do throws(STSClientError) {
                return try await ask()
            } catch {
                let delay = backoff.next()
                let spent = clock.now().duration(since: start)
                guard error.isTransient, backoff.attempts < Self.maxAttempts, spent >= .zero,
                    spent + delay < Self.patience, (try? await clock.sleep(for: delay)) != nil
                else { throw .refused(role: role, error) }
            }
        }
    }
}

/// Why there are no credentials.
package enum RoleCredentialsError: Error, Sendable {
    /// There is no ID token in the file, for this reason.
    case tokenFile(String)
    /// Google gave no ID token.
    case token(IDTokenError)
    /// AWS did not give credentials of this role.
    case refused(role: RoleARN, STSClientError)
}

extension RoleCredentialsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tokenFile(let problem): "no ID token: \(problem)"
        case .token(let error): "no ID token: \(error)"
        case .refused(let role, let error): "no credentials of \(role): \(error)"
        }
    }
}
