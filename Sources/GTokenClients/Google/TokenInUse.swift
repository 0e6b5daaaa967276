internal import GTokenCore

/// The token that readers have, or will have once it can be written, and how much of its time is left.
///
/// Two clocks say how much. The wall clock knows what a suspended machine slept through, but somebody may set it; the
/// one that sleeps are counted on does not jump. What is left is what the more cautious of them says.
struct TokenInUse {
    let token: IDToken
    /// What was left when it came; no more than its life, whatever the wall clock said.
    private let leftAtFirst: Duration
    private var slept = Duration.zero

    init(_ token: IDToken, at now: UnixTime) {
        self.token = token
        let left = token.timeLeft(at: now)
        leftAtFirst = token.lifetime.map { min(left, max($0, .zero)) } ?? left
    }

    /// Counts time that passed in a sleep.
    mutating func pass(_ duration: Duration) { slept += duration }

    func timeLeft(at now: UnixTime) -> Duration {
        let byWallClock = token.timeLeft(at: now)
        // A token that came expired is no measure: the wall clock was ahead, and may have been put right since.
        guard leftAtFirst > .zero else { return byWallClock }
        return min(byWallClock, leftAtFirst - slept)
    }
}
