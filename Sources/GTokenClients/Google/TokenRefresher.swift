internal import GTokenCore
package import GTokenRuntime

/// Gets ID tokens from a source and puts each where it belongs, for as long as it is let.
///
/// It has patience with a source that is only starting, and afterwards never gives up: a token that is there may
/// be used until it expires, and the source may come back before that or after.
package struct TokenRefresher: Sendable {
    /// Asks for one token.
    package typealias Source = @Sendable () async throws(IDTokenError) -> IDToken
    /// Puts a token where it is wanted, in place of the one before.
    package typealias Destination = @Sendable (IDToken) throws(FileError) -> Void

    /// How long to be patient.
    package struct Patience: Sendable {
        /// How long to go on asking for the first token; the last question is asked when it is over.
        package var startup: Duration
        /// How long one question may take.
        package var request: Duration

        /// Two durations.
        package init(startup: Duration, request: Duration) {
            self.startup = startup
            self.request = request
        }
    }

    private let source: Source
    private let destination: Destination
    private let patience: Patience
    private let clock: any Clock
    private let logger: Logger
    private var generator: any RandomNumberGenerator & Sendable
    private var throttle = LogThrottle(interval: .seconds(60))

    /// Two tries in the first second, then one each few seconds: a metadata server takes seconds to start.
    private static let startBackoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
    /// A source that fails later is asked at least twice a minute, which no metadata server feels.
    private static let laterBackoff = Backoff(floor: .seconds(1), base: .seconds(2), cap: .seconds(30))
    /// The longest sleep: a machine that was suspended does not count that time, its wall clock does.
    private static let longestSleep = Duration.seconds(60)

    /// Makes a refresher.
    package init(
        source: @escaping Source,
        destination: @escaping Destination,
        patience: Patience,
        clock: any Clock,
        logger: Logger,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.source = source
        self.destination = destination
        self.patience = patience
        self.clock = clock
        self.logger = logger
        self.generator = generator
    }

    /// Gets one token and puts it where it belongs.
    package mutating func run() async throws(TokenRefresherError) {
        let token = try await firstToken()
        try put(token)
        logger.info("token written", LogField("expires", token.expiresAt.rfc3339))
    }

    /// Keeps the token fresh until the task is cancelled.
    ///
    /// - Parameter held: A token that the destination has from an earlier run; a source that fails is then no
    ///   reason to end.
    /// - Throws: ``TokenRefresherError`` while there is no token yet, when nobody reads any longer what is
    ///   written, or when the task is cancelled.
    package mutating func keepFresh(held: IDToken? = nil) async throws(TokenRefresherError) {
        var current: IDToken
        var wait = Duration.zero
        if let held {
            current = held
            logger.info("found a token that is still valid", LogField("expires", held.expiresAt.rfc3339))
        } else {
            current = try await firstToken()
            try put(current)
            wait = schedule(current)
        }
        var backoff = Self.laterBackoff
        while true {
            try await sleep(wait)
            do throws(TokenRefresherError) {
                let token = try await ask()
                if token.expiresAt > current.expiresAt {
                    try put(token)
                    current = token
                    backoff.reset()
                    throttle.reset()
                    wait = schedule(token)
                } else {
                    wait = waitForNewer(than: current, backoff: &backoff)
                }
            } catch {
                guard error.leavesHope else { throw error }
                wait = backoff.next(using: &generator)
                report(error, current, attempts: backoff.attempts)
            }
        }
    }

    /// The first token, from a source that may only be starting.
    private mutating func firstToken() async throws(TokenRefresherError) -> IDToken {
        var backoff = Self.startBackoff
        var spent = Duration.zero
        while true {
            let start = clock.now()
            do throws(TokenRefresherError) {
                return try await ask()
            } catch {
                // The wall clock may be set while we start; a question takes no longer than it may.
                spent += min(max(clock.now().duration(since: start), .zero), patience.request)
                guard case .source(let cause) = error, cause.isTransient, spent < patience.startup else {
                    throw error
                }
                let delay = min(backoff.next(using: &generator), patience.startup - spent)
                if throttle.admits("\(cause)", at: clock.now()) {
                    logger.warning(
                        "no token yet, asking again",
                        LogField(cause),
                        LogField("attempts", backoff.attempts)
                    )
                }
                try await pause(delay)
                spent += delay
            }
        }
    }

    private func ask() async throws(TokenRefresherError) -> IDToken {
        do throws(IDTokenError) {
            return try await source()
        } catch {
            throw .source(error)
        }
    }

    private func put(_ token: IDToken) throws(TokenRefresherError) {
        do throws(FileError) {
            try destination(token)
        } catch {
            throw .destination(error)
        }
    }

    /// How long a token that is now in place will do.
    private mutating func schedule(_ token: IDToken) -> Duration {
        let left = token.timeLeft(at: clock.now())
        let wait = TokenRefreshSchedule.wait(timeLeft: left, lifetime: token.lifetime, jitter: fraction())
        logger.info(
            "token written",
            LogField("expires", token.expiresAt.rfc3339),
            LogField("refresh", wait)
        )
        if left <= .zero {
            logger.warning("the new token has expired already: is the clock of this machine right?")
        }
        return wait
    }

    /// The source handed out what we have: how long until it will have another.
    private mutating func waitForNewer(than token: IDToken, backoff: inout Backoff) -> Duration {
        let left = token.timeLeft(at: clock.now())
        guard left > .zero else {
            let wait = backoff.next(using: &generator)
            report(.source(.staleToken), token, attempts: backoff.attempts)
            return wait
        }
        let wait = TokenRefreshSchedule.wait(timeLeft: left, lifetime: token.lifetime, jitter: fraction())
        logger.debug("the source has no newer token", LogField("left", left), LogField("refresh", wait))
        return wait
    }

    private mutating func report(_ error: TokenRefresherError, _ token: IDToken, attempts: Int) {
        let left = token.timeLeft(at: clock.now())
        guard throttle.admits("\(error) \(left > .zero)", at: clock.now()) else { return }
        let fields = [
            LogField(error), LogField("expires", token.expiresAt.rfc3339), LogField("attempts", attempts),
        ]
        if left > .zero {
            logger.log(.warning, "no new token, the one in place is still valid; asking again", fields)
        } else {
            logger.log(.error, "no new token, and the one in place has expired; asking again", fields)
        }
    }

    private mutating func fraction() -> Double { Double.randomFraction(using: &generator) }

    /// Sleeps until the wall clock says that it is time, and no longer than that was meant to take.
    private func sleep(_ duration: Duration) async throws(TokenRefresherError) {
        let due = clock.now() + duration
        var slept = Duration.zero
        while true {
            let rest = min(due.duration(since: clock.now()), duration - slept)
            guard rest > .zero else { return }
            let step = min(rest, Self.longestSleep)
            try await pause(step)
            slept += step
        }
    }

    private func pause(_ duration: Duration) async throws(TokenRefresherError) {
        do throws(CancellationError) {
            try await clock.sleep(for: duration)
        } catch {
            throw .cancelled
        }
    }
}

/// Why a refresher ended, or did not get a token.
package enum TokenRefresherError: Error, Equatable, Sendable {
    /// The source gave none.
    case source(IDTokenError)
    /// The token could not be put where it belongs.
    case destination(FileError)
    /// The task was cancelled.
    case cancelled

    /// Whether going on may help: a file system may become writable again, a reader that left does not come back.
    var leavesHope: Bool {
        switch self {
        case .source: true
        case .destination(let error): !error.isBrokenPipe
        case .cancelled: false
        }
    }
}

extension TokenRefresherError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .source(let error): "\(error)"
        case .destination(let error): "\(error)"
        case .cancelled: "cancelled"
        }
    }
}
