package import GTokenCore
import GTokenRuntime

/// How long a service that does not answer is waited for: by all of its calls together, not by each anew.
///
/// Hundreds of calls that each waited for two minutes would keep their user for hours of an outage. Here an outage begins with the
/// first call that finds one and ends with the first that has an answer, whatever it says. Once it has lasted as long as the
/// patience, a call is made once, and not again.
package final class ServicePatience: Sendable {
    private let patience: Duration
    private let began = Locked<UnixTime?>(nil)

    /// Makes one for a service that is well.
    ///
    /// - Parameter patience: how long a call, and an outage, is waited for.
    package init(_ patience: Duration) { self.patience = patience }

    /// When a call that begins now has waited for long enough.
    package func end(from now: UnixTime) -> UnixTime { now + patience }

    /// The service has answered.
    package func answered() { began.withLock { $0 = nil } }

    /// The service has not answered, or has said that it cannot.
    ///
    /// - Returns: when this outage has been waited for for long enough.
    package func failed(at now: UnixTime) -> UnixTime {
        let start = began.withLock { began in
            let start = min(began ?? now, now)
            began = start
            return start
        }
        return start + patience
    }
}
