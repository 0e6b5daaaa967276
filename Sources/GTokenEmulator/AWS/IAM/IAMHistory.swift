import GTokenCore

/// What accounts have in IAM, as it is written and as it is read: the same, or some time ago.
struct IAMHistory: Sendable {
    /// As it is written.
    private(set) var latest = IAMStore()
    /// What was before each change that is not yet read, with the time from which it no longer is.
    private var earlier: [(store: IAMStore, end: UnixTime)] = []
    private static let maxEarlier = 10_000

    /// As it is read at a time.
    func visible(at now: UnixTime) -> IAMStore { earlier.first { $0.end > now }?.store ?? latest }

    /// Changes it; what `body` throws changes nothing.
    mutating func write<Result>(
        at now: UnixTime,
        shownAfter delay: Duration = .zero,
        _ body: (inout IAMStore) throws(AWSFailure) -> Result
    ) throws(AWSFailure) -> Result {
        var next = latest
        let result = try body(&next)
        earlier.removeAll { $0.end <= now }
        if delay > .zero, earlier.count < Self.maxEarlier { earlier.append((latest, now + delay)) }
        latest = next
        return result
    }
}
