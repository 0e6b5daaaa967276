import GTokenNet
import GTokenRuntime

/// A signal that asks for an end: the first lets what is under way come to its end, the second does not.
final class Interruption: Sendable {
    private let came = Locked(false)
    private let task: Task<Void, Never>

    /// Begins to listen.
    init(_ loop: EventLoop, _ signals: SignalDescriptor) {
        let came = came
        task = Task(executorPreference: loop) {
            while !Task.isCancelled {
                if signals.next() != nil {
                    let isSecond = came.withLock { came in
                        defer { came = true }
                        return came
                    }
                    if isSecond { exitProcess(.unwell) }
                    StandardError.writeLine(
                        "gtokenctl: stopping when what is under way is done; once more ends at once"
                    )
                }
                guard (try? await loop.waitReadable(signals.descriptor)) != nil else { return }
            }
        }
    }

    /// Whether it has come.
    var hasCome: Bool { came.withLock { $0 } }

    /// Listens no longer.
    func end() { task.cancel() }
}
