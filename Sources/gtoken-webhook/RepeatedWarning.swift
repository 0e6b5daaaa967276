import GTokenCore
import GTokenRuntime

/// A warning that anybody in the cluster's network can cause: one line for the first, then one a second at most,
/// which says how many there were.
final class RepeatedWarning: Sendable {
    private struct State {
        var throttle = LogThrottle(interval: .seconds(1))
        var count = 0
    }

    private let message: StaticString
    private let logger: Logger
    private let clock: any Clock
    private let state = Locked(State())

    init(_ message: StaticString, logger: Logger, clock: any Clock) {
        self.message = message
        self.logger = logger
        self.clock = clock
    }

    /// Notes one more; `fields` are of the one that is logged.
    func log(_ fields: LogField...) {
        let count = state.withLock { state -> Int? in
            state.count += 1
            guard state.throttle.admits("", at: clock.now()) else { return nil }
            defer { state.count = 0 }
            return state.count
        }
        guard let count else { return }
        logger.log(.warning, message, fields + [LogField("times", count)])
    }
}
