import GTokenClients
private import GTokenCore
private import GTokenRuntime

extension GoogleAPIClient {
    /// Asks until there is something, as long as a call may take: what was just made can be unknown for a while.
    ///
    /// - Returns: what `question` answers; `nil` where it still answers `nil` at the end.
    func settled<Answer: Sendable>(
        _ question: () async throws(GoogleAPIError) -> Answer?
    ) async throws(GoogleAPIError) -> Answer? {
        let end = clock.now() + limits.patience
        var backoff = Backoff(base: .milliseconds(500), cap: .seconds(8))
        while true {
            if let answer = try await question() { return answer }
            let delay = backoff.next()
            guard clock.now() + delay < end else { return nil }
            try await clock.sleep(for: delay, cancelled: GoogleAPIError.cancelled)
        }
    }
}
