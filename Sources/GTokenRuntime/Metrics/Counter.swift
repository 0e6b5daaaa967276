internal import Synchronization

/// A number that only grows.
package final class Counter: Metric {
    private let count = Atomic<UInt64>(0)

    init() {}

    /// Adds to it; never blocks.
    package func increment(by amount: UInt64 = 1) { count.wrappingAdd(amount, ordering: .relaxed) }

    /// The number now.
    package var value: UInt64 { count.load(ordering: .relaxed) }

    package static var kind: String { "counter" }

    package func render(into text: inout MetricText, name: String, labels: [(name: String, value: String)]) {
        text.sample(name, labels: labels, value: Double(value))
    }
}
