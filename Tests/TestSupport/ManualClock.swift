package import GTokenCore
import GTokenRuntime

/// A clock that moves only when told to.
///
/// `advance` is time passing: the wall clock moves and sleepers that are due wake, in order. `jump` is somebody
/// setting the wall clock: nobody wakes.
package final class ManualClock: Clock {
    private struct Sleeper {
        let deadline: Duration
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var wall: UnixTime
        var elapsed = Duration.zero
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var autoAdvanceEnd: Duration?
        var sleeps: [Duration] = []
    }

    private let state: Locked<State>

    /// A clock at rest at this time.
    package init(_ start: UnixTime = UnixTime(seconds: 1_700_000_000, nanoseconds: 0)) {
        state = Locked(State(wall: start))
    }

    /// Lets every sleep pass at once, moving the clock, until this much time has passed in all.
    ///
    /// The sleep that would go beyond it ends there and throws, as if its task were cancelled. For code that
    /// runs in one task.
    package func letSleepsPass(for total: Duration) {
        state.withLock { $0.autoAdvanceEnd = $0.elapsed + total }
    }

    package func now() -> UnixTime { state.withLock { $0.wall } }

    /// The time passed since the clock was made; jumps do not count.
    package var elapsed: Duration { state.withLock { $0.elapsed } }

    /// The durations that were asked for, in order.
    package var sleeps: [Duration] { state.withLock { $0.sleeps } }

    /// Sets the wall clock forward or, by a negative amount, back.
    package func jump(by amount: Duration) { state.withLock { $0.wall = $0.wall + amount } }

    /// Lets time pass and wakes who is due.
    package func advance(by amount: Duration) {
        let due = state.withLock { state in
            state.elapsed += amount
            state.wall = state.wall + amount
            let due = state.sleepers.filter { $0.value.deadline <= state.elapsed }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume(returning: true) }
    }

    /// Returns once at least this many tasks sleep.
    package func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                guard state.sleepers.count < count else { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    package func sleep(for duration: Duration) async throws(CancellationError) {
        guard !Task.isCancelled else { throw CancellationError() }
        switch passAtOnce(duration) {
        case .some(true): return
        case .some(false): throw CancellationError()
        case .none: break
        }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isAwake = await withTaskCancellationHandler {
            await withCheckedContinuation { add(id, duration, $0) }
        } onCancel: {
            cancel(id)
        }
        guard isAwake else { throw CancellationError() }
    }

    /// `nil` when the sleep is to wait for `advance`.
    private func passAtOnce(_ duration: Duration) -> Bool? {
        state.withLock { state -> Bool? in
            state.sleeps.append(duration)
            guard let end = state.autoAdvanceEnd else { return duration <= .zero ? true : nil }
            let step = max(min(duration, end - state.elapsed), .zero)
            state.elapsed += step
            state.wall = state.wall + step
            return state.elapsed < end
        }
    }

    private func add(_ id: Int, _ duration: Duration, _ continuation: CheckedContinuation<Bool, Never>) {
        let (isCancelled, waiters) = state.withLock { state in
            guard state.cancelled.remove(id) == nil else {
                return (true, [(count: Int, continuation: CheckedContinuation<Void, Never>)]())
            }
            state.sleepers[id] = Sleeper(deadline: state.elapsed + duration, continuation: continuation)
            let ready = state.waiters.filter { $0.count <= state.sleepers.count }
            state.waiters.removeAll { $0.count <= state.sleepers.count }
            return (false, ready)
        }
        if isCancelled { continuation.resume(returning: false) }
        for waiter in waiters { waiter.continuation.resume() }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state in
            let sleeper = state.sleepers.removeValue(forKey: id)
            if sleeper == nil { state.cancelled.insert(id) }
            return sleeper
        }
        sleeper?.continuation.resume(returning: false)
    }
}
