import GTokenCore
import GTokenNet
import GTokenRuntime

/// What logs and metrics say of a certificate that the webhook signs itself.
struct CertificateReport {
    private let metrics: CertificateMetrics
    private let logger: Logger
    private var obstacleThrottle = LogThrottle(interval: .seconds(600))
    private var leafWarning: ExpiryWarning
    private var authorityWarning: ExpiryWarning

    init(_ metrics: CertificateMetrics, logger: Logger) {
        (self.metrics, self.logger) = (metrics, logger)
        leafWarning = ExpiryWarning("serving", logger: logger)
        authorityWarning = ExpiryWarning("authority", logger: logger)
    }

    /// Something is in the way, or nothing is any more.
    mutating func note(_ obstacle: CertificateObstacle?, at now: UnixTime) {
        guard let obstacle else { return obstacleThrottle.reset() }
        metrics.failures.with(obstacle.name).increment()
        guard obstacleThrottle.admits("\(obstacle)", at: now) else { return }
        logger.warning("cannot keep the certificate as it should be", LogField(obstacle))
    }

    /// The Secret was written.
    func note(_ draft: AuthorityDraft) {
        metrics.authorityChanges.with(draft.reason.name).increment()
        switch draft.reason {
        case .faults(let faults):
            logger.log(
                .warning,
                "repaired the certificate authority's Secret",
                faults.map { LogField("fault", "\($0)") }
            )
        default:
            logger.info("wrote the certificate authority's Secret", LogField("change", draft.reason.name))
        }
    }

    /// The webhook configuration was written.
    func note(published anchors: [TrustAnchor]) {
        logger.info("published in caBundle", LogField("certificates", anchors.count))
    }

    /// A certificate was signed, in the place of another one or as the first.
    func note(signed leaf: ServedLeaf, isRenewal: Bool) {
        if isRenewal { metrics.renewals.increment() }
        logger.info(
            "signed a certificate",
            LogField("notAfter", describing: leaf.facts.notAfter),
            LogField("renewAt", describing: leaf.renewAt)
        )
    }

    /// Warns, at a rate that a log bears, of what ends soon.
    mutating func warn(leaf: CertificateFacts?, authority: CertificateFacts?, at now: UnixTime) {
        if let leaf { leafWarning.check(leaf, at: now) }
        if let authority { authorityWarning.check(authority, at: now) }
    }
}
