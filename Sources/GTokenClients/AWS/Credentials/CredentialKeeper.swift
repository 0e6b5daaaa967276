private import GTokenCore
package import GTokenRuntime

/// Has credentials of a role at hand, and renews them well before they expire.
///
/// When they cannot be renewed, the old ones are good as long as they last, and it never gives up asking.
package final class CredentialKeeper: Sendable {
    private struct State {
        var credentials: SessionCredentials?
        var failure: CredentialExchangeError?
    }

    private let source: CredentialCache.Source
    private let clock: any Clock
    private let logger: Logger
    private let state = Locked(State())

    /// The longest sleep: a machine that was suspended does not count that time, its wall clock does.
    private static let longestSleep = Duration.seconds(60)
    /// An obstacle that stays is worth a line of the log a minute.
    private static let complaintInterval = Duration.seconds(60)

    /// A keeper that has nothing until it runs.
    package init(_ source: @escaping CredentialCache.Source, clock: any Clock, logger: Logger) {
        self.source = source
        self.clock = clock
        self.logger = logger
    }

    /// Credentials that have not expired; else why there are none, `nil` before the first answer.
    package var current: Result<SessionCredentials, CredentialKeeperError> {
        let now = clock.now()
        return state.withLock { state in
            if let credentials = state.credentials, credentials.timeLeft(at: now) > .zero {
                return .success(credentials)
            }
            return .failure(CredentialKeeperError(cause: state.failure))
        }
    }

    /// Keeps them fresh until the task is cancelled.
    package func run() async throws(CancellationError) {
        var backoff = Backoff(floor: .seconds(1), base: .seconds(2), cap: .seconds(30))
        var throttle = LogThrottle(interval: Self.complaintInterval)
        while true {
            do throws(CredentialExchangeError) {
                let new = try await source()
                state.withLock { $0 = State(credentials: new) }
                logger.info(
                    "credentials renewed",
                    LogField("key", new.accessKeyID),
                    LogField("expires", new.expiresAt.rfc3339)
                )
                backoff.reset()
                throttle.reset()
                try await rest(new)
            } catch .cancelled {
                throw CancellationError()
            } catch {
                state.withLock { $0.failure = error }
                let wait = backoff.next()
                if throttle.admits("\(error)", at: clock.now()) { complain(error) }
                try await clock.sleep(for: wait)
            }
        }
    }

    private func complain(_ error: CredentialExchangeError) {
        let tool = ToolError(error)
        var fields = [LogField(error)]
        if let hint = tool.hint { fields.append(LogField("hint", hint)) }
        if case .success(let held) = current {
            logger.log(
                .warning,
                "credentials cannot be renewed, the old ones are good for now",
                fields + [LogField("expires", held.expiresAt.rfc3339)]
            )
        } else {
            logger.log(.error, "no credentials", fields)
        }
    }

    /// Sleeps until credentials are due by the wall clock, and no longer than that was meant to take.
    ///
    /// A share of the margin is left to chance, so that Pods that started together do not ask together.
    private func rest(_ credentials: SessionCredentials) async throws(CredentialExchangeError) {
        var generator = SystemRandomNumberGenerator()
        let chance = credentials.margin * 0.1 * Double.randomFraction(using: &generator)
        let due = credentials.expiresAt - credentials.margin - chance
        // Credentials that are due at once, by a clock that is wrong, are no reason for a busy loop.
        let longest = max(due.duration(since: clock.now()), .seconds(1))
        var slept = Duration.zero
        while slept < longest, slept < .seconds(1) || clock.now() < due {
            let step = min(longest - slept, Self.longestSleep)
            try await clock.sleep(for: step, cancelled: CredentialExchangeError.cancelled)
            slept += step
        }
    }
}

/// That there are no credentials, and why.
package struct CredentialKeeperError: Error, Equatable, Sendable {
    /// Why; `nil` before the first answer.
    package let cause: CredentialExchangeError?
}
