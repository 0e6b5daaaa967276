internal import GTokenCore
package import GTokenRuntime

/// Gets ID tokens from a source and puts each where it belongs, for as long as it is let.
///
/// It has patience with a source that is only starting, and afterwards never gives up: a token that is there may
/// be used until it expires, and the source may come back before that or after. It sleeps until the token is due,
/// and looks up once a minute: at the wall clock, which may have been set, and at the destination, which others may
/// have changed.
package struct TokenRefresher: Sendable {
    /// Asks for one token.
    package typealias Source = @Sendable () async throws(IDTokenError) -> IDToken

    /// Where tokens go.
    package struct Destination: Sendable {
        /// Puts a token there, in place of the one before.
        let put: @Sendable (IDToken) throws(FileError) -> Void
        /// Whether what was put there last is there still, whole and as it was.
        let isAsLeft: @Sendable () -> Bool

        /// Two functions; without the second, what was put stays.
        package init(
            put: @escaping @Sendable (IDToken) throws(FileError) -> Void,
            isAsLeft: @escaping @Sendable () -> Bool = { true }
        ) {
            self.put = put
            self.isAsLeft = isAsLeft
        }

        /// A file that this process keeps.
        package init(_ file: KeptFile) {
            self.init(
                put: { token throws(FileError) in try file.put(token.text.utf8) },
                isAsLeft: { file.isAsLeft }
            )
        }
    }

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

    let source: Source
    let fallback: Source?
    let destination: Destination
    let minimum: Duration
    let patience: Patience
    let clock: any Clock
    let logger: Logger
    var generator: any RandomNumberGenerator & Sendable
    var complaints = TokenComplaints()
    /// The token that readers shall have; `nil` before there is any.
    var inUse: TokenInUse?
    /// The token that the destination took last.
    var written: IDToken?
    /// Whether it is the one in use, as far as is known.
    private var isPut = false

    /// A source that fails later is asked at least twice a minute, which no metadata server feels.
    private static let laterBackoff = Backoff(floor: .seconds(1), base: .seconds(2), cap: .seconds(30))
    /// The longest sleep: a machine that was suspended does not count that time, its wall clock does.
    private static let longestSleep = Duration.seconds(60)
    private var sourceBackoff = laterBackoff
    private var destinationBackoff = laterBackoff

    /// Makes a refresher.
    ///
    /// - Parameters:
    ///   - source: Who is asked first.
    ///   - fallback: Who is asked when the source has no token, none newer than one that is due, or one with less
    ///     than `minimum` left.
    ///   - destination: Where the tokens go.
    ///   - minimum: How much time the token there shall always have left, as far as the sources allow it.
    ///   - patience: How long to wait for them.
    ///   - clock: The time.
    ///   - logger: Where it says what it does, and each obstacle at most once a minute.
    ///   - generator: Chance, for jitter.
    package init(
        source: @escaping Source,
        fallback: Source? = nil,
        destination: Destination,
        minimum: Duration = .zero,
        patience: Patience,
        clock: any Clock,
        logger: Logger,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.source = source
        self.fallback = fallback
        self.destination = destination
        self.minimum = minimum
        self.patience = patience
        self.clock = clock
        self.logger = logger
        self.generator = generator
    }

    /// Gets one token and puts it where it belongs.
    ///
    /// A token with less than the minimum left is taken only when the patience is over.
    package mutating func run() async throws(TokenRefresherError) {
        let token = try await firstToken(acceptsShort: false)
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
        var wait = Duration.zero
        if let held {
            logger.info("found a token that is still valid", LogField("expires", held.expiresAt.rfc3339))
            inUse = TokenInUse(held, at: clock.now())
            written = held
        } else {
            let token = try await firstToken(acceptsShort: true)
            inUse = TokenInUse(token, at: clock.now())
            wait = nextQuestion()
            try place(next: wait, isFirst: true)
        }
        while true {
            try await rest(wait)
            wait = await renew()
            try place(next: wait)
        }
    }

    /// Asks for a token to replace the one in use; answers how long until the next question.
    private mutating func renew() async -> Duration {
        do throws(IDTokenError) {
            let token = try await ask()
            guard improves(token) else {
                logger.debug("the source has no newer token", LogField("left", timeLeft.wholeSeconds))
                return nextQuestion()
            }
            inUse = TokenInUse(token, at: clock.now())
            isPut = false
            if timeLeft > .zero { complaints.reset() }
            return nextQuestion()
        } catch {
            let wait = sourceBackoff.next(using: &generator)
            complain(.source(error), attempts: sourceBackoff.attempts)
            return wait
        }
    }

    /// How long the token in use will do.
    private mutating func nextQuestion() -> Duration {
        guard timeLeft > .zero else {
            let wait = sourceBackoff.next(using: &generator)
            complain(.source(.staleToken), attempts: sourceBackoff.attempts)
            return wait
        }
        sourceBackoff.reset()
        let wait = TokenRefreshSchedule.wait(
            timeLeft: timeLeft,
            lifetime: inUse?.token.lifetime,
            minimum: minimum,
            jitter: Double.randomFraction(using: &generator)
        )
        sayIfShort(timeLeft - wait, inUse?.token.lifetime)
        return wait
    }

    /// Sees to it that the destination has the token in use.
    ///
    /// - Throws: ``TokenRefresherError/destination(_:)`` where there is no hope that it ever takes one.
    private mutating func place(next wait: Duration, isFirst: Bool = false) throws(TokenRefresherError) {
        guard let token = inUse?.token else { return }
        if isPut {
            if destination.isAsLeft() { return }
            logger.warning("the token was changed or removed by others, writing it again")
            isPut = false
        }
        do throws(TokenRefresherError) {
            try put(token)
            (isPut, written) = (true, token)
            destinationBackoff.reset()
            logger.info(
                "token written",
                LogField("expires", token.expiresAt.rfc3339),
                LogField("refresh", wait.wholeSeconds)
            )
        } catch .destination(let error) where !error.isBrokenPipe && (!isFirst || error.leavesHopeAtFirst) {
            complain(.destination(error), attempts: destinationBackoff.attempts + 1)
        }
    }

    private func put(_ token: IDToken) throws(TokenRefresherError) {
        do throws(FileError) {
            try destination.put(token)
        } catch {
            throw .destination(error)
        }
    }

    /// How much of the token in use is left.
    var timeLeft: Duration { inUse?.timeLeft(at: clock.now()) ?? .zero }

    /// Sleeps until the wall clock says that it is time, and no longer than that was meant to take.
    ///
    /// The destination is looked after meanwhile: each minute, more often while it does not take the token.
    private mutating func rest(_ duration: Duration) async throws(TokenRefresherError) {
        let due = clock.now() + duration
        var slept = Duration.zero
        while true {
            let rest = min(due.duration(since: clock.now()), duration - slept)
            guard rest > .zero else { return }
            var step = min(rest, Self.longestSleep)
            if !isPut { step = min(step, destinationBackoff.next(using: &generator)) }
            try await pause(step)
            slept += step
            inUse?.pass(step)
            try place(next: rest - step)
        }
    }

    func pause(_ duration: Duration) async throws(TokenRefresherError) {
        try await clock.sleep(for: duration, cancelled: TokenRefresherError.cancelled)
    }
}
