private import Glibc

/// A moment on the machine's monotonic clock by which an operation must have ended.
///
/// Nanoseconds of `CLOCK_MONOTONIC`, the clock that `epoll_wait` counts by: it does not jump when the
/// wall clock is set, and stands still while the machine sleeps.
package struct Deadline: Sendable, Hashable, Comparable {
    let nanoseconds: Int64

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// No deadline at all.
    package static let never = Deadline(nanoseconds: .max)

    /// The present moment, which as a deadline has always passed.
    package static var now: Deadline {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Deadline(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The moment `duration` from now, now itself for a negative one, `never` beyond the clock's range (285 years).
    package static func after(_ duration: Duration) -> Deadline {
        now.advanced(by: duration)
    }

    /// The moment `duration` after this one; `never` stays `never`.
    package func advanced(by duration: Duration) -> Deadline {
        guard self != .never else { return .never }
        // Beyond these, nanoseconds do not fit.
        guard duration < .seconds(9_000_000_000) else { return .never }
        guard duration > .zero else { return self }
        let (sum, exceeded) = nanoseconds.addingReportingOverflow(
            Int64(duration.attoseconds / 1_000_000_000)
        )
        return exceeded ? .never : Deadline(nanoseconds: sum)
    }

    /// The time left, zero when it has passed.
    ///
    /// That of `never` is the longest that nanoseconds can say.
    package var remaining: Duration {
        .nanoseconds(max(0, nanoseconds - Deadline.now.nanoseconds))
    }

    /// Whether the moment is now or gone.
    package var hasPassed: Bool {
        self <= .now
    }

    package static func < (left: Deadline, right: Deadline) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
