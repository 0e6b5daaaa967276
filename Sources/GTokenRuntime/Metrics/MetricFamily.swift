/// A kind of metric: counter, gauge or histogram.
package protocol Metric: AnyObject, Sendable {
    /// The word of a `# TYPE` line.
    static var kind: String { get }
    /// Adds this metric's lines.
    func render(into text: inout MetricText, name: String, labels: [(name: String, value: String)])
}

/// Metrics of one name that differ in their labels' values.
///
/// The values must come from a small fixed set, never from a request: each new combination stays for the life
/// of the process.
package final class MetricFamily<Member: Metric>: MetricRenderer {
    private let name: String
    private let help: String
    private let labels: [String]
    private let make: @Sendable () -> Member
    private let members = Locked<[[String]: Member]>([:])

    init(_ name: String, _ help: String, _ labels: [String], make: @escaping @Sendable () -> Member) {
        self.name = name
        self.help = help
        self.labels = labels
        self.make = make
    }

    /// The metric with these label values, in the order of the labels; made, and exposed, from the first call on.
    ///
    /// Worth keeping where it is used often: this takes a lock and looks up a dictionary.
    package func with(_ values: String...) -> Member {
        precondition(values.count == labels.count, "\(name) has \(labels.count) labels")
        return members.withLock { members in
            if let member = members[values] { return member }
            let member = make()
            members[values] = member
            return member
        }
    }

    func render(into text: inout MetricText) {
        let members = members.withLock { $0 }
        guard !members.isEmpty else { return }
        text.header(name, help: help, kind: Member.kind)
        for (values, member) in members.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let pairs = zip(labels, values).map { (name: $0, value: $1) }
            member.render(into: &text, name: name, labels: pairs)
        }
    }
}
