import GTokenRuntime

/// A number of places; whoever comes when all are taken waits for one, in turn.
final class Places: Sendable {
    private struct State {
        var taken = 0
        var mostTaken = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let count: Int
    private let state = Locked(State())

    init(_ count: Int) { self.count = count }

    /// The most that were taken at the same time.
    var mostTaken: Int { state.withLock { $0.mostTaken } }

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.taken < count else {
                    state.waiting.append(continuation)
                    return false
                }
                state.taken += 1
                state.mostTaken = max(state.mostTaken, state.taken)
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            // The place goes on to whoever has waited longest.
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.taken -= 1
            return nil
        }
        next?.resume()
    }
}
