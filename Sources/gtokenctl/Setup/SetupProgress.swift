import GTokenNet
import GTokenRuntime

/// Says on standard error what is done as it is done, and what takes long.
final class SetupProgress: Sendable {
    private let total: Int
    private let isShown: Bool
    private let style: Style
    private let state = Locked(State())

    private struct State {
        var ended = 0
        var underWay: [(object: ObjectID, since: ContinuousClock.Instant)] = []
    }

    /// After how long a line says what is still under way.
    static let patience = Duration.seconds(10)

    init(_ total: Int, isShown: Bool, style: Style) {
        (self.total, self.isShown, self.style) = (total, isShown, style)
    }

    /// Work on an object begins.
    func begin(_ object: ObjectID) {
        state.withLock { $0.underWay.append((object, .now)) }
    }

    /// Work on an object has ended, or is not to begin.
    func end(_ object: ObjectID, _ outcome: SetupOutcome) {
        let ended = state.withLock { state in
            state.ended += 1
            state.underWay.removeAll { $0.object == object }
            return state.ended
        }
        if let word = word(outcome) { writeLine(ended, "\(word) \(object)") }
    }

    /// Says from time to time what is under way for long, until it is cancelled.
    func watch(on loop: EventLoop) async {
        guard isShown else { return }
        while (try? await loop.sleep(for: Self.patience)) != nil {
            let (ended, waiting) = state.withLock { state in
                (state.ended, state.underWay.filter { $0.since.duration(to: .now) >= Self.patience })
            }
            guard let first = waiting.first else { continue }
            let seconds = Int(first.since.duration(to: .now) / .seconds(1))
            let others = waiting.count > 1 ? " and \(waiting.count - 1) more" : ""
            writeLine(ended, "still at \(first.object)\(others), for \(seconds) s")
        }
    }

    private func writeLine(_ ended: Int, _ text: String) {
        guard isShown else { return }
        let count = String(ended)
        let padding = String(repeating: " ", count: String(total).count - count.count)
        StandardError.writeLine("[\(padding)\(count)/\(total)] \(text)")
    }

    private func word(_ outcome: SetupOutcome) -> String? {
        switch outcome {
        case .done(let change):
            switch change.action {
            case .create: style.green("created")
            case .update: style.yellow("updated")
            case .delete: style.red("deleted")
            case .keep, .leave: nil
            }
        case .failed: style.red("failed")
        case .skipped, .stopped: nil
        }
    }
}
