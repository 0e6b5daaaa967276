private import GTokenCore

/// Keeps calls of one service within bounds that all who call it share: how many at a time, and how many a second.
///
/// A call waits for a place, in the order of arrival, and then for its turn; it gives the place back when it has its
/// answer. A service that says "too often" makes everybody wait with ``pause(for:)``, not only whom it said it to.
package final class CallPacer: Sendable {
    /// How much is allowed.
    package struct Limits: Sendable, Equatable {
        /// The most calls at a time.
        package var concurrent: Int
        /// The most calls a second, in the long run.
        package var perSecond: Double
        /// How many calls may go at once after a rest.
        package var burst: Int

        /// Makes limits; each is at least 1, or the rate above 0.
        package init(concurrent: Int, perSecond: Double, burst: Int) {
            precondition(concurrent > 0 && perSecond > 0 && burst > 0, "a limit that lets nothing through")
            self.concurrent = concurrent
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    private struct State {
        var free: Int
        var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        /// The waiters' tickets in their order; of those that gave up too.
        var queue: [UInt64] = []
        var lastTicket: UInt64 = 0
        /// When the next call would be due if calls came evenly.
        var due: UnixTime
        /// Before which no call begins.
        var pauseEnd: UnixTime
        var lastNow: UnixTime

        /// A wall clock that is set back must not make anybody wait for it to come round again.
        mutating func follow(_ now: UnixTime) {
            if now < lastNow {
                let jump = lastNow.duration(since: now)
                (due, pauseEnd) = (due - jump, pauseEnd - jump)
            }
            lastNow = now
        }
    }

    private let limits: Limits
    private let interval: Duration
    private let clock: any Clock
    private let state: Locked<State>

    /// Makes a pacer that has rested.
    package init(_ limits: Limits, clock: any Clock) {
        self.limits = limits
        self.clock = clock
        interval = .seconds(1 / limits.perSecond)
        let now = clock.now()
        state = Locked(State(free: limits.concurrent, due: now, pauseEnd: now, lastNow: now))
    }

    /// Makes one call, when it has a place and its turn has come.
    ///
    /// - Throws: what `body` throws, or what `cancelled` makes of a task that is cancelled while it waits.
    package func paced<Success: Sendable, Failure: Error>(
        cancelled: Failure,
        _ body: () async throws(Failure) -> Success
    ) async throws(Failure) -> Success {
        guard await takePlace() else { throw cancelled }
        defer { givePlaceBack() }
        var wait = turn()
        while wait > .zero {
            try await clock.sleep(for: wait, cancelled: cancelled)
            // Somebody may have been told to wait meanwhile.
            wait = pauseLeft()
        }
        return try await body()
    }

    /// Lets no call begin for a while.
    package func pause(for duration: Duration) {
        let now = clock.now()
        state.withLock { state in
            state.follow(now)
            state.pauseEnd = max(state.pauseEnd, now + duration)
        }
    }

    /// Takes the next turn; how long until it comes.
    private func turn() -> Duration {
        let now = clock.now()
        return state.withLock { state in
            state.follow(now)
            let wait = state.due.duration(since: now) - interval * (limits.burst - 1)
            state.due = max(state.due, now) + interval
            return max(wait, state.pauseEnd.duration(since: now))
        }
    }

    private func pauseLeft() -> Duration {
        let now = clock.now()
        return state.withLock { state in
            state.follow(now)
            return state.pauseEnd.duration(since: now)
        }
    }

    /// False where the task is cancelled first.
    private func takePlace() async -> Bool {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiters[ticket] = continuation
                    state.queue.append(ticket)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: ticket) }
            waiter?.resume(returning: false)
        }
    }

    private func givePlaceBack() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            while !state.queue.isEmpty {
                if let waiter = state.waiters.removeValue(forKey: state.queue.removeFirst()) { return waiter }
            }
            state.free += 1
            return nil
        }
        next?.resume(returning: true)
    }
}
