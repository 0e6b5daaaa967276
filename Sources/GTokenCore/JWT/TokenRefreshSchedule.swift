/// When to ask for the next token, so that the one in use is replaced long before it expires.
///
/// A token is due at about 80 % of its life, earlier where it may not get as short as that. Asked then, Google's
/// metadata servers may hand out the same token again: they keep theirs until about five minutes before it
/// expires, newer ones until one minute before. So a token that is due is asked for again just after those
/// moments, then ever more often until it is replaced.
/// (Google's guide on authenticating workloads, "access tokens ... cached until 5 minutes before expiry".)
public enum TokenRefreshSchedule {
    /// How much of its life a token has behind it when it is due, without jitter.
    public static let dueFraction = 0.8
    /// Half the width of the range from which the moment is drawn, so that Pods that started together drift
    /// apart.
    public static let jitterFraction = 0.05

    /// Time left at which metadata servers replace the token that they keep: first all of them, then those that
    /// go on handing out the old one while they fetch the next.
    static let serverRefresh: [Duration] = [.seconds(300), .seconds(60)]
    /// A server refreshes at its own moment, counted from an `exp` in whole seconds, or a little later; asking a
    /// little later still finds the new one.
    static let serverDelay = (least: Duration.seconds(1), most: Duration.seconds(10))
    /// The longest wait between questions once the server should have replaced its token.
    static let longestRepeat = Duration.seconds(30)
    /// The shortest wait, whatever little is left: a dying token must not become a busy loop.
    public static let shortestWait = Duration.seconds(1)
    /// A minimum is given up where it leaves less than this part of a token's life: a minute of an hour.
    static let leastPart = 60.0
    /// The most of its life that a token is asked for ahead of the minimum, so that a source may fail some times.
    static let leadFraction = 0.1

    /// How long to wait before the next question.
    ///
    /// - Parameters:
    ///   - timeLeft: Until the token expires, by the wall clock; negative where it has expired.
    ///   - lifetime: From `iat` to `exp`; `nil` where the token does not say, and then what is left counts as
    ///     its life.
    ///   - minimum: The time that a token in use shall always have left. One that ``canKeep(minimum:lifetime:)``
    ///     denies is not tried.
    ///   - jitter: A random number from 0 up to 1.
    /// - Returns: At least ``shortestWait``, and at most 85 % of the lifetime, whatever the clock says.
    public static func wait(
        timeLeft: Duration,
        lifetime: Duration?,
        minimum: Duration = .zero,
        jitter: Double
    ) -> Duration {
        let life = life(timeLeft, lifetime)
        // A token from the future means that this machine's clock is behind: its age is not negative.
        let left = min(timeLeft, life)
        let untilDue = left - dueLeft(life, minimum, jitter)
        let wait = untilDue >= shortestWait ? untilDue : waitForServer(left, jitter: jitter)
        return max(wait, shortestWait)
    }

    /// Whether a token may be asked for again already: the earliest moment that ``wait(timeLeft:lifetime:minimum:jitter:)``
    /// chooses has come.
    public static func isDue(timeLeft: Duration, lifetime: Duration?, minimum: Duration = .zero) -> Bool {
        let life = life(timeLeft, lifetime)
        return min(timeLeft, life) <= dueLeft(life, minimum, 0)
    }

    /// Whether tokens of this lifetime can be replaced often enough for one in use to have always the minimum left.
    ///
    /// A minimum of all of it, or nearly so, would mean to ask without a pause.
    public static func canKeep(minimum: Duration, lifetime: Duration) -> Bool {
        minimum <= .zero || lifetime - minimum >= lifetime / leastPart
    }

    private static func life(_ timeLeft: Duration, _ lifetime: Duration?) -> Duration {
        guard let lifetime, lifetime > .zero else { return timeLeft }
        return lifetime
    }

    /// How much a token has left when it is due: most for a jitter of 0.
    private static func dueLeft(_ life: Duration, _ minimum: Duration, _ jitter: Double) -> Duration {
        let usual = life * (1 - dueFraction + jitterFraction * (1 - 2 * jitter))
        guard minimum > .zero, canKeep(minimum: minimum, lifetime: life) else { return usual }
        let lead = min(life * leadFraction, (life - minimum) / 2)
        return max(usual, minimum + lead * (1 - jitter / 2))
    }

    /// How long to wait when the token is due and the server has no newer one.
    private static func waitForServer(_ left: Duration, jitter: Double) -> Duration {
        let delay = serverDelay.least + (serverDelay.most - serverDelay.least) * jitter
        guard let next = serverRefresh.first(where: { left > $0 + serverDelay.most }) else {
            return min(left / 2, longestRepeat)
        }
        let untilServer = left - next + delay
        // Before the first of the server's moments there is nothing new to be had; after it there may be.
        return next == serverRefresh.first ? untilServer : min(untilServer, longestRepeat)
    }
}
