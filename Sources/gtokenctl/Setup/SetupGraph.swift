import GTokenNet
import GTokenRuntime

/// One object's part of the work, and what has to be done before it.
struct SetupStep: Sendable {
    let object: ObjectID
    /// The objects that this needs; what is not part of the work is taken for done.
    let needs: [ObjectID]
    /// Does the work; answers what was done, or in a plan what would be.
    let run: @Sendable () async throws -> ObjectChange
}

/// How the work on an object ended.
enum SetupOutcome: Sendable {
    /// It is done, or planned.
    case done(ObjectChange)
    /// It failed, for this reason.
    case failed(any Error)
    /// It was not begun, because of this object.
    case skipped(because: ObjectID)
    /// It was not begun, because the work was stopped.
    case stopped
}

/// A step that has ended, or is not to begin.
///
/// No tuple: what a task answers as one of these two is not what arrives in a release build (Swift 6.3).
struct SetupEnd: Sendable {
    let object: ObjectID
    let outcome: SetupOutcome
}

/// Runs steps in the order that they need, side by side where nothing depends.
///
/// A step that fails keeps those from running that need it, and nothing else. Stopped, it lets what is under way come to its
/// end and begins nothing more: each step leaves its object as it was or as it should be.
struct SetupGraph {
    private let steps: [SetupStep]
    /// How many steps run at once; the services have limits of their own, which the clients keep.
    private let width: Int

    init(_ steps: [SetupStep], width: Int = 16) {
        self.steps = steps
        self.width = width
    }

    /// Runs all of them.
    ///
    /// - Parameters:
    ///   - isStopped: asked before each step is begun.
    ///   - begin: hears of each step that is begun.
    ///   - report: hears of each step's end, in the order in which they end.
    /// - Returns: how each ended.
    func run(
        isStopped: @escaping @Sendable () -> Bool = { false },
        begin: (ObjectID) -> Void = { _ in },
        report: (ObjectID, SetupOutcome) -> Void
    ) async -> [ObjectID: SetupOutcome] {
        var front = SetupFront(steps)
        func end(_ end: SetupEnd) {
            for end in front.end(end) { report(end.object, end.outcome) }
        }
        await withTaskGroup(of: SetupEnd.self) { group in
            var running = 0
            while true {
                while running < width, let step = front.next() {
                    guard !isStopped() else {
                        end(SetupEnd(object: step.object, outcome: .stopped))
                        continue
                    }
                    running += 1
                    begin(step.object)
                    group.addTask {
                        do {
                            return SetupEnd(object: step.object, outcome: .done(try await step.run()))
                        } catch {
                            return SetupEnd(object: step.object, outcome: .failed(error))
                        }
                    }
                }
                guard let ended = await group.next() else { break }
                running -= 1
                end(ended)
            }
        }
        // Invariant: what is left waits for itself, in a circle; a graph of ours has none.
        precondition(front.outcomes.count == steps.count, "the steps need each other in a circle")
        return front.outcomes
    }
}
