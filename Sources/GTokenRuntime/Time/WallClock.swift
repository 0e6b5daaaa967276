internal import Glibc
package import GTokenCore

/// The machine's wall clock.
package enum WallClock {
    /// The time now, by `CLOCK_REALTIME`.
    package static func now() -> UnixTime {
        var time = timespec()
        // Invariant: cannot fail, the clock exists and the pointer is valid.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UnixTime(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }
}
