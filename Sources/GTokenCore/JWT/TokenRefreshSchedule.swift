/// When to ask for the next token, so that the one in use is replaced long before it expires.
///
/// A token is due at about 80 % of its life. Asked then, Google's metadata servers may hand out the same token
/// again: they keep theirs until about five minutes before it expires, newer ones until one minute before. So a
/// token that is due is asked for again just after those moments, then ever more often until it is replaced.
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
    /// A server refreshes at its own moment or a little later; asking a little later still finds the new one.
    static let serverDelay = Duration.seconds(10)
    /// The longest wait between questions once the server should have replaced its token.
    static let longestRepeat = Duration.seconds(30)
    /// The shortest wait, whatever little is left: a dying token must not become a busy loop.
    public static let shortestWait = Duration.seconds(1)

    /// How long to wait before the next question.
    ///
    /// - Parameters:
    ///   - timeLeft: Until the token expires, by the wall clock; negative where it has expired.
    ///   - lifetime: From `iat` to `exp`; `nil` where the token does not say, and then what is left counts as
    ///     its life.
    ///   - jitter: A random number from 0 up to 1.
    /// - Returns: At least ``shortestWait``, and at most 85 % of the lifetime, whatever the clock says.
    public static func wait(timeLeft: Duration, lifetime: Duration?, jitter: Double) -> Duration {
        var life = timeLeft
        if let lifetime, lifetime > .zero { life = lifetime }
        // A token from the future means that this machine's clock is behind: its age is not negative.
        let left = min(timeLeft, life)
        let fraction = dueFraction + jitterFraction * (2 * jitter - 1)
        let untilDue = left - life * (1 - fraction)
        let wait = untilDue >= shortestWait ? untilDue : waitForServer(left, jitter: jitter)
        return max(wait, shortestWait)
    }

    /// How long to wait when the token is due and the server has no newer one.
    private static func waitForServer(_ left: Duration, jitter: Double) -> Duration {
        let delay = serverDelay * jitter
        guard let next = serverRefresh.first(where: { left > $0 + serverDelay }) else {
            return min(left / 2, longestRepeat)
        }
        let untilServer = left - next + delay
        // Before the first of the server's moments there is nothing new to be had; after it there may be.
        return next == serverRefresh.first ? untilServer : min(untilServer, longestRepeat)
    }
}
