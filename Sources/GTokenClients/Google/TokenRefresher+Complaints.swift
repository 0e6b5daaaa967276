internal import GTokenCore
internal import GTokenRuntime

/// What a refresher has complained of already, so that an obstacle that stays does not fill the log.
struct TokenComplaints {
    private static let interval = Duration.seconds(60)
    fileprivate var source = LogThrottle(interval: interval)
    fileprivate var destination = LogThrottle(interval: interval)
    fileprivate var fallback = LogThrottle(interval: interval)
    fileprivate var saidShort = false

    /// Makes the next obstacle new: there is a token again.
    mutating func reset() {
        source.reset()
        destination.reset()
        fallback.reset()
    }
}

extension TokenRefresher {
    /// No token yet.
    mutating func complainOfStart(_ error: IDTokenError?, attempts: Int) {
        guard complaints.source.admits("\(error, default: "short")", at: clock.now()) else { return }
        if let error {
            logger.warning("no token yet, asking again", LogField(error), LogField("attempts", attempts))
        } else {
            logger.warning(
                "no token with the minimum time left yet, asking again",
                LogField("min-ttl", minimum),
                LogField("attempts", attempts)
            )
        }
    }

    /// The token in use was not replaced, or not written: louder the less that is good for which readers have.
    mutating func complain(_ error: TokenRefresherError, attempts: Int) {
        let isOfDestination = if case .destination = error { true } else { false }
        let token = isOfDestination ? written : inUse?.token
        let left = isOfDestination ? written?.timeLeft(at: clock.now()) ?? .zero : timeLeft
        let (state, level): (String, LogLevel) =
            left <= .zero ? ("expired", .error) : left < minimum ? ("short", .warning) : ("valid", .warning)
        let admits =
            isOfDestination
            ? complaints.destination.admits(state, at: clock.now())
            : complaints.source.admits(state, at: clock.now())
        guard admits else { return }
        let fields = [
            LogField(error), LogField("expires", token?.expiresAt.rfc3339 ?? "-"),
            LogField("attempts", attempts),
        ]
        switch (isOfDestination, left > .zero) {
        case (false, true):
            logger.log(level, "no new token, the one in place is still valid; asking again", fields)
        case (false, false):
            logger.log(level, "no new token, and the one in place has expired; asking again", fields)
        case (true, true):
            logger.log(
                level,
                "the new token cannot be written, the former is still valid; trying again",
                fields
            )
        case (true, false):
            logger.log(
                level,
                "the new token cannot be written, and there is no valid one; trying again",
                fields
            )
        }
    }

    /// Neither has the fallback a token.
    mutating func complainOfFallback(_ error: IDTokenError) {
        guard complaints.fallback.admits("", at: clock.now()) else { return }
        logger.warning("no token from the fallback", LogField(error))
    }

    /// Says once that the minimum is not kept, or will not be before the next question: no obstacle that goes away.
    mutating func sayIfShort(_ left: Duration, _ lifetime: Duration?) {
        guard left < minimum, !complaints.saidShort else { return }
        complaints.saidShort = true
        let fields = [LogField("min-ttl", minimum), LogField("left", left.wholeSeconds)]
        if TokenRefreshSchedule.canKeep(minimum: minimum, lifetime: lifetime ?? left) {
            logger.log(
                .warning,
                "the source has no token with the minimum time left; asking again when it should",
                fields
            )
        } else {
            logger.log(
                .warning,
                "no token lives long enough to have the minimum time left; refreshing as without one",
                fields
            )
        }
    }
}

extension Duration {
    /// The seconds alone, for the log.
    var wholeSeconds: Duration { .seconds(components.seconds) }
}
