import GTokenCore
import GTokenNet
import GTokenRuntime

/// The real clock, set forward: days pass for certificates while reviews take the milliseconds they take.
final class ShiftedClock: Clock {
    private let clock: LoopClock
    private let shift = Locked(Duration.zero)

    init(_ loop: EventLoop) { clock = LoopClock(loop) }

    func now() -> UnixTime { clock.now() + shift.withLock { $0 } }

    func sleep(for duration: Duration) async throws(CancellationError) {
        try await clock.sleep(for: duration)
    }

    func advance(by duration: Duration) { shift.withLock { $0 += duration } }
}
