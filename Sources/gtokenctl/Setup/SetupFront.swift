/// How far the work has come: what has ended, what may begin, and what waits for what.
struct SetupFront {
    /// How each step ended that has.
    private(set) var outcomes: [ObjectID: SetupOutcome] = [:]
    private let steps: [ObjectID: SetupStep]
    /// Who needs an object.
    private var users: [ObjectID: [ObjectID]] = [:]
    /// How many objects a step waits for still.
    private var waits: [ObjectID: Int] = [:]
    /// What may begin, in the order in which it came to be so; what is before `nextReady` has been taken.
    private var ready: [ObjectID] = []
    private var nextReady = 0

    /// Begins with the steps that need nothing of the others.
    ///
    /// - Parameter steps: each of another object.
    init(_ steps: [SetupStep]) {
        self.steps = Dictionary(uniqueKeysWithValues: steps.map { ($0.object, $0) })
        for step in steps {
            let needs = Set(step.needs).intersection(self.steps.keys)
            for need in needs { users[need, default: []].append(step.object) }
            waits[step.object] = needs.count
            if needs.isEmpty { ready.append(step.object) }
        }
    }

    /// A step that may begin, once; `nil` where none may now.
    mutating func next() -> SetupStep? {
        while nextReady < ready.count {
            nextReady += 1
            if let step = steps[ready[nextReady - 1]] { return step }
        }
        return nil
    }

    /// A step has ended; answers it and those that are not to begin because of that.
    mutating func end(_ end: SetupEnd) -> [SetupEnd] {
        outcomes[end.object] = end.outcome
        var ended = [end]
        if case .done = end.outcome {
            for user in users[end.object] ?? [] {
                let left = (waits[user] ?? 0) - 1
                waits[user] = left
                if left == 0, outcomes[user] == nil { ready.append(user) }
            }
            return ended
        }
        // The cause is named, not the one between.
        let outcome = SetupOutcome.skipped(because: end.object)
        var open = users[end.object] ?? []
        while let user = open.popLast() {
            guard outcomes[user] == nil else { continue }
            outcomes[user] = outcome
            ended.append(SetupEnd(object: user, outcome: outcome))
            open += users[user] ?? []
        }
        return ended
    }
}
