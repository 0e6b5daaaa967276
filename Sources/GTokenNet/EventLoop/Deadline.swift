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

    /// The moment `duration` from now; `never` when that is beyond the clock's range (292 years).
    package static func after(_ duration: Duration) -> Deadline {
        now.advanced(by: duration)
    }

    /// The moment `duration` after this one; `never` stays `never`.
    package func advanced(by duration: Duration) -> Deadline {
        guard self != .never else { return .never }
        let (seconds, attoseconds) = duration.components
        let (whole, overflowed) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (length, carried) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        let (sum, exceeded) = nanoseconds.addingReportingOverflow(length)
        guard !overflowed, !carried, !exceeded else { return seconds < 0 ? .now : .never }
        return Deadline(nanoseconds: sum)
    }

    /// The time left, zero when it has passed.
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
