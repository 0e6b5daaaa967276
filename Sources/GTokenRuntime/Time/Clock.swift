package import GTokenCore

/// Time as it is given to whatever waits or compares: the event loop's in a tool, a manual one in a test.
package protocol Clock: Sendable {
    /// The wall clock's time: what expiries are compared with. It may jump.
    func now() -> UnixTime

    /// Waits this long on a clock that does not jump; a negative duration returns at once.
    func sleep(for duration: Duration) async throws(CancellationError)
}

extension Clock {
    /// The same for those who have an error of their own for a task that was cancelled.
    package func sleep<Failure: Error>(for duration: Duration, cancelled: Failure) async throws(Failure) {
        do throws(CancellationError) {
            try await sleep(for: duration)
        } catch {
            throw cancelled
        }
    }
}
