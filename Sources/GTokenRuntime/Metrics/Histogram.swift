/// How often a value fell into each of some ranges, with their sum and number.
package final class Histogram: Metric {
    /// Bounds for the time a request takes, in seconds: 100 µs to the 10 s of a webhook's default time-out.
    package static let requestSeconds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    private struct State {
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Locked<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Locked(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Counts one value.
    package func observe(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Counts one duration, in seconds.
    package func observe(_ duration: Duration) {
        observe(duration / .seconds(1))
    }

    /// The number of values so far.
    package var count: UInt64 { state.withLock { $0.counts.reduce(0, +) } }

    package static var kind: String { "histogram" }

    package func render(into text: inout MetricText, name: String, labels: [(name: String, value: String)]) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        for (bound, count) in zip(bounds + [.infinity], counts) {
            total += count
            let bucketLabels = labels + [(name: "le", value: MetricText.number(bound))]
            text.sample(name + "_bucket", labels: bucketLabels, value: Double(total))
        }
        text.sample(name + "_sum", labels: labels, value: sum)
        text.sample(name + "_count", labels: labels, value: Double(total))
    }
}
