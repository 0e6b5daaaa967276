import GTokenCore
import GTokenRuntime

/// Writes one line for each admission.
struct AdmissionLog: Sendable {
    let logger: Logger

    /// Notes an answer.
    ///
    /// A warning is for the operator: a Pod that is to have a role and gets none. What the Pod's author should know is in
    /// the answer, and in a line like any other.
    func write(_ outcome: InjectionOutcome, of review: AdmissionReview, took duration: Duration) {
        let level: LogLevel = outcome.decision.isFault ? .warning : .info
        guard logger.writes(level) else { return }
        var fields = [
            LogField("uid", review.uid), LogField("namespace", review.namespace),
            LogField("name", review.name),
            LogField("outcome", outcome.decision.name), LogField("duration", duration),
        ]
        if !outcome.decision.reason.isEmpty { fields.append(LogField("reason", outcome.decision.reason)) }
        if review.isDryRun { fields.append(LogField("dryRun", true)) }
        for warning in outcome.warnings { fields.append(LogField("warning", warning)) }
        logger.log(level, "admission", fields)
    }
}
