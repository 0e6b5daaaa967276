import GTokenRuntime

/// Reasons to look at the certificate, from several tasks for one; those that come while it is looked at are one.
final class WakeUps: Sendable {
    private struct Pending {
        var isWanted = false
        var ticks = 0
    }

    private let pending = Locked(Pending())
    private let signal = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Something may have changed.
    func wake() { add(ticks: 0) }

    /// A minute has passed.
    func tick() { add(ticks: 1) }

    private func add(ticks: Int) {
        pending.withLock { pending in
            pending.isWanted = true
            pending.ticks += ticks
        }
        signal.continuation.yield()
    }

    /// Waits for a reason; the minutes that have passed since the last.
    ///
    /// `nil` when the task is cancelled.
    func next() async -> Int? {
        for await _ in signal.stream {
            let taken = pending.withLock { pending in
                defer { pending = Pending() }
                return pending
            }
            if taken.isWanted { return taken.ticks }
        }
        return nil
    }
}
