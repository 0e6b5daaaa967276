package import GTokenCore
package import GTokenRuntime

/// Why a call of a service failed.
package protocol ServiceFailure: Error {
    /// What it says about the service.
    var service: ServiceState { get }
    /// That of a task that was cancelled.
    static var cancelled: Self { get }
}

/// How a service is, as far as one call can tell.
package enum ServiceState: Sendable {
    /// It answers, whatever it says.
    case up
    /// It does not answer, or cannot answer anybody.
    case down
    /// It was not asked, or what came of it says nothing about it.
    case unknown
}

/// Whether a call that failed is made again.
package enum NextAttempt: Sendable {
    /// It would fail again.
    case never
    /// What was wrong has been put right.
    case atOnce
    /// What was wrong may pass: after a growing, jittered delay, or one that the service asks for. All who share a pacer wait with it,
    /// where they would be refused next.
    case later(atLeast: Duration = .zero, pausing: CallPacer? = nil)
}

/// How long a service that does not answer is waited for: by all of its calls together, not by each anew.
///
/// Hundreds of calls that each waited for two minutes would keep their user for hours of an outage. Here an outage begins with the
/// first call that finds one and ends with the first that has an answer, whatever it says. Once it has lasted as long as the
/// patience, a call is made once, and not again.
package final class ServicePatience: Sendable {
    private let patience: Duration
    private let maxAttempts: Int
    private let clock: any Clock
    private let outage = Locked<UnixTime?>(nil)

    /// No service is waited for longer in one piece, whatever it asks for.
    private static let longestDelay = Duration.seconds(60)

    /// Makes one for a service that is well.
    ///
    /// - Parameters:
    ///   - patience: how long a call, and an outage, is waited for.
    ///   - maxAttempts: the most attempts of a call within it.
    ///   - clock: what waits.
    package init(_ patience: Duration, maxAttempts: Int = .max, clock: any Clock) {
        (self.patience, self.maxAttempts, self.clock) = (patience, maxAttempts, clock)
    }

    /// Makes a call, again where that may help.
    ///
    /// - Parameters:
    ///   - attempt: makes it once; hears when it has been waited for for long enough.
    ///   - next: what a failure asks for.
    /// - Returns: the first answer.
    /// - Throws: what the last attempt threw.
    package func answer<Answer, Failure: ServiceFailure>(
        of attempt: (_ end: UnixTime) async throws(Failure) -> Answer,
        after next: (Failure) async -> NextAttempt
    ) async throws(Failure) -> Answer {
        var end = clock.now() + patience
        var backoff = Backoff(base: .milliseconds(500), cap: .seconds(20))
        while true {
            let failure: Failure
            do throws(Failure) {
                let answer = try await attempt(end)
                outage.withLock { $0 = nil }
                return answer
            } catch {
                failure = error
            }
            switch failure.service {
            case .up: outage.withLock { $0 = nil }
            case .down: end = min(end, outageStart() + patience)
            case .unknown: break
            }
            switch await next(failure) {
            case .never: throw failure
            case .atOnce: continue
            case .later(let least, let pacer):
                let delay = min(max(least, backoff.next()), Self.longestDelay)
                guard backoff.attempts < maxAttempts, clock.now() + delay < end else { throw failure }
                pacer?.pause(for: delay)
                try await clock.sleep(for: delay, cancelled: Failure.cancelled)
            }
        }
    }

    /// When the outage began that a call has just met.
    private func outageStart() -> UnixTime {
        let now = clock.now()
        return outage.withLock { outage in
            let start = min(outage ?? now, now)
            outage = start
            return start
        }
    }
}
