internal import GTokenCore
internal import GTokenRuntime

/// Whom it asks, and what it takes for an answer.
extension TokenRefresher {
    /// Two tries in the first second, then one each few seconds: a metadata server takes seconds to start.
    private static let startBackoff = Backoff(base: .milliseconds(200), cap: .seconds(5))

    /// One token: the source's if that will do, else whichever lasts longest of the source's and the fallback's.
    mutating func ask() async throws(IDTokenError) -> IDToken {
        guard let fallback else { return try await source() }
        let answer: Result<IDToken, IDTokenError>
        do throws(IDTokenError) {
            answer = .success(try await source())
        } catch {
            answer = .failure(error)
        }
        if case .success(let token) = answer, willDo(token) { return token }
        do throws(IDTokenError) {
            let other = try await fallback()
            if case .success(let token) = answer, token.expiresAt >= other.expiresAt { return token }
            logger.info("the token is the fallback's", LogField("expires", other.expiresAt.rfc3339))
            return other
        } catch {
            complainOfFallback(error)
            return try answer.get()
        }
    }

    /// Whether a token is worth having, or the one in use good for a while yet.
    private func willDo(_ token: IDToken) -> Bool {
        if improves(token) { return token.timeLeft(at: clock.now()) >= minimum }
        return !TokenRefreshSchedule.isDue(
            timeLeft: timeLeft,
            lifetime: inUse?.token.lifetime,
            minimum: minimum
        )
    }

    /// Whether a token is better than the one in use: it lasts longer, or the source speaks for another account now.
    func improves(_ token: IDToken) -> Bool {
        guard let old = inUse?.token else { return true }
        guard token.subject == old.subject else { return token.timeLeft(at: clock.now()) > .zero }
        return token.expiresAt > old.expiresAt
    }

    /// The first token, from a source that may only be starting.
    ///
    /// `acceptsShort` says whether a token with less than the minimum left is better than none yet; where it is not,
    /// it is taken when the patience is over, or when no token could keep the minimum.
    mutating func firstToken(acceptsShort: Bool) async throws(TokenRefresherError) -> IDToken {
        var backoff = Self.startBackoff
        var spent = Duration.zero
        var short: IDToken?
        while true {
            let start = clock.now()
            var wait = Duration.zero
            var failure: IDTokenError?
            do throws(IDTokenError) {
                let token = try await ask()
                let left = token.timeLeft(at: clock.now())
                let canWait = TokenRefreshSchedule.canKeep(minimum: minimum, lifetime: token.lifetime ?? left)
                if acceptsShort || left >= minimum || !canWait { return noted(token) }
                if token.expiresAt > short?.expiresAt ?? .init(seconds: .min) { short = token }
                wait = min(left / 2, backoff.cap)
            } catch {
                failure = error
            }
            // The wall clock may be set while we start; a question takes no longer than it may.
            let longest = patience.request * (fallback == nil ? 1 : 2)
            spent += min(max(clock.now().duration(since: start), .zero), longest)
            if spent >= patience.startup || failure?.isTransient == false {
                if let short { return noted(short) }
                throw .source(failure ?? .staleToken)
            }
            wait = min(max(wait, backoff.next(using: &generator)), patience.startup - spent)
            complainOfStart(failure, attempts: backoff.attempts)
            try await pause(wait)
            spent += wait
        }
    }

    /// The same token, with a word in the log where it is short.
    private mutating func noted(_ token: IDToken) -> IDToken {
        sayIfShort(token.timeLeft(at: clock.now()), token.lifetime)
        return token
    }
}
