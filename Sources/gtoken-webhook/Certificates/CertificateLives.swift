import GTokenCore
import GTokenNet

/// How long what belongs to a certificate of our own lasts.
struct CertificateLives: Sendable {
    /// Five years: what an operator has to look at least is a CA, and it renews itself at two thirds of that.
    var authority = Duration.seconds(5 * 365 * 86_400)
    /// A week: a key that leaks is of use for days, and an API server that is away over a weekend ends no leaf.
    var leaf = Duration.seconds(7 * 86_400)
    /// What clocks of two nodes may differ by, and a signature may take on its way.
    var margin = Duration.seconds(3600)
    /// How often expiries are compared with the wall clock: a machine that slept does not notice it otherwise.
    var tick = Duration.seconds(60)
    /// How many ticks an authority stands in `caBundle` before anything is signed by it: API servers learn of a
    /// change within seconds, and one that lags longer than this is not well.
    ///
    /// Ticks are of the clock that does not jump: a wall clock set forward must not make an authority of a second ago an old
    /// one.
    var ticksBeforeUse = 10

    /// Until when certificates of an authority can still be served whose last signature may be made now.
    func lastUse(ofRetiredAt now: UnixTime) -> UnixTime { now + leaf + margin }

    /// When two thirds of this life are over.
    static func renewal(of facts: CertificateFacts) -> UnixTime {
        facts.notBefore + facts.notAfter.duration(since: facts.notBefore) * 2 / 3
    }
}
