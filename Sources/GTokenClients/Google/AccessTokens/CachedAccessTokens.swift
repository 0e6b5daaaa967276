package import GTokenRuntime
private import GTokenCore

/// Keeps one access token for all who call, and gets the next one shortly before it ends: once, however many wait.
package actor CachedAccessTokens {
    private let source: any GoogleAccessTokenSource
    private let clock: any Clock
    private var token: GoogleAccessToken?
    private var fetch: (number: Int, task: Task<Result<GoogleAccessToken, GoogleCredentialError>, Never>)?
    private var fetches = 0
    /// When the token is taken for old that does not say when it ends.
    private var assumedEnd = UnixTime.earliest

    /// A call and its repetitions are over by then; Google's own caches give no token that lives shorter.
    private static let margin = Duration.seconds(225)
    /// Google's tokens live an hour; one that was printed by somebody else has lost some of it.
    private static let assumedLifetime = Duration.seconds(600)

    /// Makes a cache without a token.
    package init(_ source: any GoogleAccessTokenSource, clock: any Clock) {
        self.source = source
        self.clock = clock
    }

    /// A token that does not end soon.
    ///
    /// - Throws: ``GoogleCredentialError``; the next caller tries again.
    package func current() async throws(GoogleCredentialError) -> GoogleAccessToken {
        let now = clock.now()
        if let token, (token.expiresAt.map { $0 - Self.margin } ?? assumedEnd) > now { return token }
        let (number, task) = fetch ?? start()
        let result = await task.value
        if fetch?.number == number {
            fetch = nil
            token = try? result.get()
            assumedEnd = clock.now() + Self.assumedLifetime
        }
        return try result.get()
    }

    /// Forgets a token that a service did not take; not one that has come in its place meanwhile.
    package func discard(_ rejected: GoogleAccessToken) {
        if token == rejected { token = nil }
    }

    /// The task is nobody's to cancel: who waits is many, and its requests have their own deadlines.
    private func start() -> (number: Int, task: Task<Result<GoogleAccessToken, GoogleCredentialError>, Never>)
    {
        fetches += 1
        let source = source
        let task = Task { () -> Result<GoogleAccessToken, GoogleCredentialError> in
            do throws(GoogleCredentialError) {
                return .success(try await source.accessToken())
            } catch {
                return .failure(error)
            }
        }
        let started = (number: fetches, task: task)
        fetch = started
        return started
    }
}
