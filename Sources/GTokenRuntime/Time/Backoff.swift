/// How long to wait before each next try: exponential with full jitter, so that many Pods that failed together
/// do not come back together.
///
/// Each delay is drawn evenly between ``floor`` and a ceiling that starts at ``base`` and doubles with each
/// failure up to ``cap``.
package struct Backoff: Sendable {
    /// The shortest delay.
    package let floor: Duration
    /// The longest first delay.
    package let base: Duration
    /// The longest delay of all.
    package let cap: Duration
    /// Delays given since the last ``reset()``.
    package private(set) var attempts = 0

    /// Makes a backoff; `floor` keeps an unlucky series of draws from being a busy loop.
    package init(floor: Duration = .milliseconds(50), base: Duration, cap: Duration) {
        self.floor = min(floor, cap)
        self.base = max(min(base, cap), self.floor)
        self.cap = cap
    }

    /// The longest that the next delay can be.
    package var ceiling: Duration {
        var ceiling = base
        // A duration of a nanosecond reaches any cap in use after 60 doublings.
        for _ in 0..<min(attempts, 60) where ceiling < cap { ceiling = ceiling * 2 }
        return min(ceiling, cap)
    }

    /// Draws the next delay.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let delay = floor + (ceiling - floor) * Double.randomFraction(using: &generator)
        attempts += 1
        return delay
    }

    /// Draws the next delay from the system's randomness.
    package mutating func next() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return next(using: &generator)
    }

    /// Starts again from ``base``, after a success.
    package mutating func reset() { attempts = 0 }
}

extension Double {
    /// An evenly drawn number from 0 up to, not including, 1.
    ///
    /// The generator is called once, so that a test's constant one does not loop.
    package static func randomFraction(using generator: inout some RandomNumberGenerator) -> Double {
        Double(generator.next() >> 11) * 0x1p-53
    }
}
