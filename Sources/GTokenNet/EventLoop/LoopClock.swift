package import GTokenCore
internal import GTokenRuntime

/// The clock of a tool: the wall clock's time, and sleeps on an event loop.
package struct LoopClock: Clock {
    private let loop: EventLoop

    /// A clock whose sleeps this loop ends; they may be made on any other.
    package init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// The time of the wall clock.
    package func now() -> UnixTime {
        WallClock.now()
    }

    /// Waits on the loop, whose clock does not jump.
    package func sleep(for duration: Duration) async throws(CancellationError) {
        try await loop.sleep(for: duration)
    }
}
