import GTokenCore
import GTokenNet
import GTokenRuntime

/// What is counted about certificates.
struct CertificateMetrics: Sendable {
    let renewals: Counter
    let authorityChanges: MetricFamily<Counter>
    let failures: MetricFamily<Counter>

    /// Metrics whose values are asked for each time.
    ///
    /// - Parameters:
    ///   - registry: where they are exposed.
    ///   - expiry: the end of the certificate that is served; `nil` before there is one.
    ///   - authorityExpiry: the end of the authority that signs; `nil` where it is not ours.
    ///   - isBundleCurrent: whether every `caBundle` is as it should be; `nil` where that is not known.
    init(
        in registry: MetricsRegistry,
        expiry: @escaping @Sendable () -> UnixTime?,
        authorityExpiry: @escaping @Sendable () -> UnixTime?,
        isBundleCurrent: @escaping @Sendable () -> Bool?
    ) {
        registry.gauge(
            "gtoken_webhook_certificate_expiry_timestamp_seconds",
            help: "When the serving certificate ends."
        ) { expiry().map { Double($0.seconds) } }
        registry.gauge(
            "gtoken_webhook_ca_certificate_expiry_timestamp_seconds",
            help: "When the certificate authority that signs serving certificates ends."
        ) { authorityExpiry().map { Double($0.seconds) } }
        registry.gauge(
            "gtoken_webhook_ca_bundle_current",
            help: "Whether the caBundle of every webhook that calls us verifies the serving certificate."
        ) { isBundleCurrent().map { $0 ? 1 : 0 } }
        renewals = registry.counter(
            "gtoken_webhook_certificate_renewals_total",
            help: "Serving certificates that took the place of another."
        )
        authorityChanges = registry.counters(
            "gtoken_webhook_ca_changes_total",
            help: "Changes of the certificate authority's Secret by this replica, by what was done.",
            labels: ["change"]
        )
        failures = registry.counters(
            "gtoken_webhook_certificate_failures_total",
            help: "What could not be done about certificates, by what it was.",
            labels: ["operation"]
        )
    }
}
