package import GTokenCore

/// Keeps an event that repeats from filling the log: once when it is new, then once in a while.
package struct LogThrottle: Sendable {
    private let interval: Duration
    private var last: (key: String, time: UnixTime)?

    /// Lets the same event through once in each interval.
    package init(interval: Duration) { self.interval = interval }

    /// Whether to log an event now.
    ///
    /// Another key is another event, and new. A wall clock that was set back makes the event new too.
    package mutating func admits(_ key: String, at time: UnixTime) -> Bool {
        if let last, last.key == key, time >= last.time, time.duration(since: last.time) < interval {
            return false
        }
        last = (key, time)
        return true
    }

    /// Makes the next event new.
    package mutating func reset() { last = nil }
}
