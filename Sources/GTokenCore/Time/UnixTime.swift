/// A moment, counted from 1970-01-01T00:00:00Z without leap seconds (POSIX time), to the nanosecond.
///
/// The range is that of RFC 3339, the years 0000 to 9999. Whatever would leave it stops at
/// ``earliest`` or ``latest``, so that no arithmetic with a time from outside can overflow.
public struct UnixTime: Sendable, Hashable {
    /// Whole seconds since the epoch, rounded towards the past.
    public let seconds: Int64
    /// What is left of a second: 0 to 999,999,999, also before the epoch.
    public let nanoseconds: Int32

    /// Makes the time `seconds` and `nanoseconds` after the epoch; nanoseconds may be any number.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        let carried = nanoseconds.quotientAndRemainder(dividingBy: Self.nanosecondsPerSecond)
        let isBelow = carried.remainder < 0
        let (sum, overflow) = seconds.addingReportingOverflow(Int64(carried.quotient) - (isBelow ? 1 : 0))
        if overflow ? seconds < 0 : sum < Self.firstSecond {
            (self.seconds, self.nanoseconds) = (Self.firstSecond, 0)
        } else if overflow || sum > Self.lastSecond {
            (self.seconds, self.nanoseconds) = (Self.lastSecond, Self.nanosecondsPerSecond - 1)
        } else {
            self.seconds = sum
            self.nanoseconds = isBelow ? carried.remainder + Self.nanosecondsPerSecond : carried.remainder
        }
    }

    /// 0000-01-01T00:00:00Z.
    public static let earliest = UnixTime(seconds: firstSecond)

    /// 9999-12-31T23:59:59.999999999Z.
    public static let latest = UnixTime(seconds: lastSecond, nanoseconds: nanosecondsPerSecond - 1)

    /// 1970-01-01T00:00:00Z.
    public static let epoch = UnixTime(seconds: 0)

    static let nanosecondsPerSecond: Int32 = 1_000_000_000
    static let firstSecond: Int64 = -62_167_219_200
    static let lastSecond: Int64 = 253_402_300_799
}

extension UnixTime: Comparable {
    /// Whether `left` is before `right`.
    public static func < (left: UnixTime, right: UnixTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// The time that is `duration` after `time`; what is below a nanosecond is cut off.
    public static func + (time: UnixTime, duration: Duration) -> UnixTime {
        // A duration can hold more seconds than its `components`; longer than the whole range is all the same.
        let range = Duration.seconds(lastSecond - firstSecond + 1)
        guard duration < range else { return .latest }
        guard duration > .zero - range else { return .earliest }
        let (seconds, attoseconds) = duration.components
        return UnixTime(
            seconds: time.seconds + seconds,
            nanoseconds: time.nanoseconds + Int32(attoseconds / 1_000_000_000)
        )
    }

    /// The time that is `duration` before `time`.
    public static func - (time: UnixTime, duration: Duration) -> UnixTime {
        // The negative of the shortest duration does not exist.
        duration < .seconds(firstSecond - lastSecond - 1) ? .latest : time + (.zero - duration)
    }

    /// How long after `other` this is; negative where it is before.
    public func duration(since other: UnixTime) -> Duration {
        .seconds(seconds - other.seconds) + .nanoseconds(Int64(nanoseconds) - Int64(other.nanoseconds))
    }
}
