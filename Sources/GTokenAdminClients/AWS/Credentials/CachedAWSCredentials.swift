package import GTokenClients
package import GTokenCore
package import GTokenRuntime

/// Keeps credentials of AWS for all who sign with them, and gets the next ones before they end: once, however many
/// wait.
package actor CachedAWSCredentials {
    private let source: any AWSCredentialsSource
    private let clock: any Clock
    private var kept: (credentials: AWSCredentials, renewal: UnixTime)?
    private var fetch: (number: Int, task: Task<Result<AWSCredentials, AWSCredentialError>, Never>)?
    private var fetches = 0

    /// AWS's SDKs begin five to fifteen minutes before the end; a call and its repetitions take two.
    private static let margin = Duration.seconds(300)

    /// Makes a cache without credentials.
    package init(_ source: any AWSCredentialsSource, clock: any Clock) {
        self.source = source
        self.clock = clock
    }

    /// Credentials that do not end soon; where there are no new ones, the old as long as they are good.
    ///
    /// - Throws: ``AWSCredentialError``; the next caller tries again.
    package func current() async throws(AWSCredentialError) -> AWSCredentials {
        if let kept, kept.renewal > clock.now() { return kept.credentials }
        let (number, task) = fetch ?? start()
        let result = await task.value
        if fetch?.number == number {
            fetch = nil
            if case .success(let credentials) = result { keep(credentials) }
        }
        switch result {
        case .success(let credentials):
            guard credentials.expiresAt ?? .latest > clock.now() else { throw .expired }
            return credentials
        case .failure(let error):
            guard let kept, kept.credentials.expiresAt ?? .latest > clock.now() else { throw error }
            return kept.credentials
        }
    }

    /// Forgets credentials that a service did not take.
    ///
    /// - Returns: whether there may be others.
    package func discard(_ rejected: AWSCredentials) -> Bool {
        if kept?.credentials == rejected { kept = nil }
        return source.isRenewable
    }

    /// What lives no longer than the margin is renewed at half its life: not with every call.
    private func keep(_ credentials: AWSCredentials) {
        guard let end = credentials.expiresAt else { return kept = (credentials, .latest) }
        let now = clock.now()
        kept = (credentials, max(end - Self.margin, now + end.duration(since: now) / 2))
    }

    /// The task is nobody's to cancel: who waits is many, and what it does has its own deadlines.
    private func start() -> (number: Int, task: Task<Result<AWSCredentials, AWSCredentialError>, Never>) {
        fetches += 1
        let source = source
        let task = Task { () -> Result<AWSCredentials, AWSCredentialError> in
            do throws(AWSCredentialError) {
                return .success(try await source.credentials())
            } catch {
                return .failure(error)
            }
        }
        let started = (number: fetches, task: task)
        fetch = started
        return started
    }
}
