/// The metrics of a process, in the order they were made, and their Prometheus text form.
///
/// Metrics are made once, at start, and kept by who counts; asking the registry again would be a second metric
/// of the same name.
package final class MetricsRegistry: Sendable {
    /// The content type of ``exposition()``: Prometheus text format 0.0.4.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let families = Locked<[any MetricRenderer]>([])

    /// Makes a registry without metrics.
    package init() {}

    /// Makes a counter without labels; its name ends in `_total`.
    package func counter(_ name: String, help: String) -> Counter {
        counters(name, help: help, labels: []).with()
    }

    /// Makes counters of one name that differ in their labels' values.
    package func counters(_ name: String, help: String, labels: [String]) -> MetricFamily<Counter> {
        register(MetricFamily(name, help, labels) { Counter() })
    }

    /// Makes a gauge without labels.
    package func gauge(_ name: String, help: String) -> Gauge {
        gauges(name, help: help, labels: []).with()
    }

    /// Makes gauges of one name that differ in their labels' values.
    package func gauges(_ name: String, help: String, labels: [String]) -> MetricFamily<Gauge> {
        register(MetricFamily(name, help, labels) { Gauge() })
    }

    /// Makes a gauge whose value is asked for each time the metrics are read; `nil` leaves it out.
    package func gauge(_ name: String, help: String, reading: @escaping @Sendable () -> Double?) {
        families.withLock {
            $0.append(
                CollectedMetric(name: name, help: help, kind: "gauge") { reading().map { [([], $0)] } ?? [] }
            )
        }
    }

    /// Makes a counter whose value is asked for each time the metrics are read; `nil` leaves it out.
    package func counter(_ name: String, help: String, reading: @escaping @Sendable () -> Double?) {
        families.withLock {
            $0.append(
                CollectedMetric(name: name, help: help, kind: "counter") {
                    reading().map { [([], $0)] } ?? []
                }
            )
        }
    }

    /// Makes counters that differ in one label's value, and whose values are asked for each time the metrics are read.
    package func counters(
        _ name: String,
        help: String,
        label: String,
        reading: @escaping @Sendable () -> [(value: String, count: Double)]
    ) {
        families.withLock {
            $0.append(
                CollectedMetric(name: name, help: help, kind: "counter") {
                    reading().map { ([(name: label, value: $0.value)], $0.count) }
                }
            )
        }
    }

    /// Makes a histogram without labels; `bounds` are the buckets' upper bounds, inclusive and ascending, to
    /// which `+Inf` is added.
    package func histogram(_ name: String, help: String, bounds: [Double]) -> Histogram {
        histograms(name, help: help, labels: [], bounds: bounds).with()
    }

    /// Makes histograms of one name that differ in their labels' values.
    package func histograms(
        _ name: String,
        help: String,
        labels: [String],
        bounds: [Double]
    ) -> MetricFamily<Histogram> {
        register(MetricFamily(name, help, labels) { Histogram(bounds: bounds) })
    }

    /// All metrics with their values now.
    package func exposition() -> [UInt8] {
        var text = MetricText()
        for family in families.withLock({ $0 }) { family.render(into: &text) }
        return text.bytes
    }

    private func register<Metric>(_ family: MetricFamily<Metric>) -> MetricFamily<Metric> {
        families.withLock { $0.append(family) }
        return family
    }
}

/// What can write itself in the text form.
protocol MetricRenderer: Sendable {
    func render(into text: inout MetricText)
}

/// A metric whose values live elsewhere.
private struct CollectedMetric: MetricRenderer {
    typealias Sample = (labels: [(name: String, value: String)], value: Double)

    let name: String
    let help: String
    let kind: String
    let reading: @Sendable () -> [Sample]

    func render(into text: inout MetricText) {
        let samples = reading()
        guard !samples.isEmpty else { return }
        text.header(name, help: help, kind: kind)
        for sample in samples { text.sample(name, labels: sample.labels, value: sample.value) }
    }
}
