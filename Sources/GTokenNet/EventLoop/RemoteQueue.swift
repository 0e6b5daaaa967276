import GTokenRuntime

/// The work that other threads have for a loop: the only part of a loop that more than one thread touches.
final class RemoteQueue: Sendable {
    typealias Action = @Sendable () -> Void

    private struct Contents {
        var jobs: [UnownedJob] = []
        var actions: [Action] = []
        var takesActions = true

        var isEmpty: Bool { jobs.isEmpty && actions.isEmpty }
    }

    private let contents = Locked(Contents())

    /// Adds a job; true when the loop must be woken, false when an earlier addition has done so.
    func add(_ job: UnownedJob) -> Bool {
        contents.withLock { contents in
            let wasEmpty = contents.isEmpty
            contents.jobs.append(job)
            return wasEmpty
        }
    }

    /// Adds a piece of synchronous work, with the same answer; drops it when the loop has ended for good.
    func add(_ action: @escaping Action) -> Bool {
        contents.withLock { contents in
            guard contents.takesActions else { return false }
            let wasEmpty = contents.isEmpty
            contents.actions.append(action)
            return wasEmpty
        }
    }

    /// Takes everything.
    ///
    /// The wake-up that led here must have been consumed before.
    func take() -> (jobs: [UnownedJob], actions: [Action]) {
        contents.withLock { contents in
            let taken = contents
            contents = Contents(takesActions: contents.takesActions)
            return (taken.jobs, taken.actions)
        }
    }

    /// Drops what is there of synchronous work and what comes: it would hold the loop, and the loop it.
    func endActions() {
        let dropped = contents.withLock { contents in
            contents.takesActions = false
            defer { contents.actions = [] }
            return contents.actions
        }
        // Outside of the lock: what an action held may end here, and have work of its own for the loop.
        _ = consume dropped
    }
}
