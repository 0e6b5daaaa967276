import GTokenCore
import GTokenNet
import GTokenRuntime

/// What the webhook counts, in Prometheus' conventions.
struct WebhookMetrics: Sendable {
    let registry = MetricsRegistry()
    let admissions: MetricFamily<Counter>
    /// What has been asked of the family before, which looks texts up.
    private let decisions = Locked<[InjectionDecision: Counter]>([:])
    let latency: Histogram
    let badRequests: Counter
    let unauthenticated: Counter
    let lookups: MetricFamily<Counter>

    init() {
        admissions = registry.counters(
            "gtoken_webhook_admissions_total",
            help: "Admission reviews answered, by outcome and reason.",
            labels: ["outcome", "reason"]
        )
        latency = registry.histogram(
            "gtoken_webhook_admission_duration_seconds",
            help: "Time from a whole review to its answer.",
            bounds: Histogram.requestSeconds
        )
        badRequests = registry.counter(
            "gtoken_webhook_bad_requests_total",
            help: "Requests that were no AdmissionReview."
        )
        unauthenticated = registry.counter(
            "gtoken_webhook_unauthenticated_requests_total",
            help: "Reviews without the client certificate that is asked for."
        )
        lookups = registry.counters(
            "gtoken_webhook_service_account_lookups_total",
            help: "ServiceAccounts asked of the API server, by result.",
            labels: ["result"]
        )
        ProcessMetrics.register(in: registry)
    }

    /// Counts an admission.
    func count(_ decision: InjectionDecision) {
        let known = decisions.withLock { $0[decision] }
        let counter = known ?? admissions.with(decision.name, decision.reason)
        if known == nil { decisions.withLock { $0[decision] = counter } }
        counter.increment()
    }

    /// Shows what is known of ServiceAccounts.
    func observe(_ cache: ServiceAccountCache) {
        registry.gauge(
            "gtoken_webhook_service_accounts",
            help: "ServiceAccounts that are opted in, as far as they are known."
        ) {
            Double(cache.count)
        }
        registry.gauge(
            "gtoken_webhook_service_account_cache_synced",
            help: "Whether the ServiceAccounts have been listed: 1, or 0 where each is asked for."
        ) {
            cache.isSynced ? 1 : 0
        }
        registry.gauge(
            "gtoken_webhook_service_account_cache_age_seconds",
            help: "Time since the watch of ServiceAccounts last said something."
        ) {
            cache.age.map { Double($0.components.seconds) }
        }
    }

    /// Shows what the server counts.
    func observe(_ counters: HTTPServerCounters) {
        registry.gauge("gtoken_webhook_connections", help: "Connections that are open.") {
            Double(counters.openConnections)
        }
        registry.gauge("gtoken_webhook_request_body_bytes", help: "Bytes of request bodies that are held.") {
            Double(counters.heldBodyBytes)
        }
        registry.counter("gtoken_webhook_connections_total", help: "Connections accepted.") {
            Double(counters.acceptedConnections)
        }
        registry.counters(
            "gtoken_webhook_rejected_total",
            help: "Connections and requests turned away, by reason.",
            label: "reason"
        ) {
            HTTPServerCounters.Rejection.allCases.map { ($0.rawValue, Double(counters.rejections($0))) }
        }
    }
}
