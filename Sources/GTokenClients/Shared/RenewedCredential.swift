package import GTokenCore
package import GTokenRuntime

/// Keeps one credential for all who call, and gets the next one before it ends: once, however many wait.
package actor RenewedCredential<Credential: Sendable & Equatable, Failure: Error> {
    /// Gets a credential that is good now.
    package typealias Source = @Sendable () async throws(Failure) -> Credential

    /// How long credentials are good for.
    package struct Lives: Sendable {
        /// How long before its end a credential is renewed: whoever got it has calls and their repetitions to make.
        package var margin: Duration
        /// After how long one is renewed that does not say when it ends; `nil` where it does not end.
        package var assumed: Duration?
        /// When one ends, where it says so.
        package var end: @Sendable (Credential) -> UnixTime?

        /// Makes a rule.
        package init(
            margin: Duration,
            assumed: Duration? = nil,
            end: @escaping @Sendable (Credential) -> UnixTime?
        ) {
            (self.margin, self.assumed, self.end) = (margin, assumed, end)
        }
    }

    private let lives: Lives
    private let clock: any Clock
    private let source: Source
    private var kept: (credential: Credential, renewal: UnixTime)?
    private var fetch: Task<Result<Credential, Failure>, Never>?

    /// Makes a place without a credential.
    package init(lives: Lives, clock: any Clock, source: @escaping Source) {
        (self.lives, self.clock, self.source) = (lives, clock, source)
    }

    /// A credential that does not end soon; where there is no new one, the old as long as it is good.
    ///
    /// - Throws: what the source throws; the next caller tries again.
    package func current() async throws(Failure) -> Credential {
        if let kept, kept.renewal > clock.now() { return kept.credential }
        let task = fetch ?? start()
        let result = await task.value
        if fetch == task {
            fetch = nil
            if case .success(let new) = result { kept = (new, renewal(of: new)) }
        }
        if case .failure = result, let kept, (lives.end(kept.credential) ?? kept.renewal) > clock.now() {
            return kept.credential
        }
        return try result.get()
    }

    /// Forgets a credential that a service did not take; not one that has come in its place meanwhile.
    package func discard(_ rejected: Credential) {
        if kept?.credential == rejected { kept = nil }
    }

    /// What lives no longer than the margin is renewed at half its life: not with every call.
    private func renewal(of credential: Credential) -> UnixTime {
        let now = clock.now()
        guard let end = lives.end(credential) else { return lives.assumed.map { now + $0 } ?? .latest }
        return max(end - lives.margin, now + end.duration(since: now) / 2)
    }

    /// The task is nobody's to cancel: who waits is many, and what it does has its own deadlines.
    private func start() -> Task<Result<Credential, Failure>, Never> {
        let source = source
        let task = Task { () -> Result<Credential, Failure> in
            do throws(Failure) {
                return .success(try await source())
            } catch {
                return .failure(error)
            }
        }
        fetch = task
        return task
    }
}
