internal import Synchronization

/// A number that goes up and down.
package final class Gauge: Metric {
    /// The bits of a `Double`: there is no atomic of that type.
    private let bits = Atomic<UInt64>(0)

    init() {}

    /// The number now; setting it never blocks.
    package var value: Double {
        get { Double(bitPattern: bits.load(ordering: .relaxed)) }
        set { bits.store(newValue.bitPattern, ordering: .relaxed) }
    }

    /// Adds to it, or takes from it.
    package func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, current) = bits.compareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = current
        }
    }

    package static var kind: String { "gauge" }

    package func render(into text: inout MetricText, name: String, labels: [(name: String, value: String)]) {
        text.sample(name, labels: labels, value: value)
    }
}
