import GTokenRuntime

/// Says on standard error what is done, as it is done.
final class SetupProgress {
    private let total: Int
    private let isShown: Bool
    private let style: Style
    private var ended = 0

    init(_ total: Int, isShown: Bool, style: Style) {
        (self.total, self.isShown, self.style) = (total, isShown, style)
    }

    func report(_ object: ObjectID, _ outcome: SetupOutcome) {
        ended += 1
        guard isShown, let word = word(outcome) else { return }
        let count = String(ended)
        let padding = String(repeating: " ", count: String(total).count - count.count)
        StandardError.writeLine("[\(padding)\(count)/\(total)] \(word) \(object)")
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
