import GTokenCore
import GTokenNet
import GTokenRuntime

/// Says when a certificate is near its end or past it, at a rate that a log bears.
struct ExpiryWarning {
    private let logger: Logger
    private let what: String
    private var throttle = LogThrottle(interval: .seconds(3600))

    init(_ what: String, logger: Logger) {
        self.what = what
        self.logger = logger
    }

    /// Compares a life with the wall clock.
    ///
    /// Whoever renews does so at two thirds or at the latest at three quarters of it: at four fifths nobody has.
    mutating func check(_ facts: CertificateFacts, at now: UnixTime) {
        let fields = [
            LogField("certificate", what), LogField("notBefore", describing: facts.notBefore),
            LogField("notAfter", describing: facts.notAfter),
        ]
        let life = facts.notAfter.duration(since: facts.notBefore)
        if !facts.isValid(at: now) {
            guard throttle.admits("invalid", at: now) else { return }
            logger.log(.error, "a certificate is not valid by this machine's clock", fields)
        } else if facts.notAfter.duration(since: now) < life / 5 {
            guard throttle.admits("near", at: now) else { return }
            logger.log(.warning, "a certificate is near its end and has not been renewed", fields)
        } else {
            throttle.reset()
        }
    }
}
