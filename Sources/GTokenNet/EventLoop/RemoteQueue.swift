import GTokenRuntime

/// The work that other threads have for a loop: the only part of a loop that more than one thread touches.
final class RemoteQueue: Sendable {
    typealias Action = @Sendable () -> Void

    private struct Contents {
        var jobs: [UnownedJob] = []
        var actions: [Action] = []

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

    /// Adds a piece of synchronous work, with the same answer.
    func add(_ action: @escaping Action) -> Bool {
        contents.withLock { contents in
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
            contents = Contents()
            return (taken.jobs, taken.actions)
        }
    }
}
