import GTokenCore

/// What a run took: time, and calls of each service.
struct SetupCost: Sendable, Equatable {
    var duration: Duration
    /// Requests to Google's APIs, repetitions included.
    var google: Int
    /// Requests to AWS IAM, repetitions included.
    var aws: Int
    /// Runs of `kubectl`; each may ask the API server several times.
    var kubectl: Int

    /// A line for people.
    var text: String {
        let calls = [
            (google, "of Google's APIs"), (aws, "of AWS IAM"),
            (kubectl, kubectl == 1 ? "run of kubectl" : "runs of kubectl"),
        ]
        let parts = calls.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "took \(duration.inTenths) s, calls: \(parts.isEmpty ? "none" : parts.joined(separator: ", "))"
    }

    func write(to writer: inout JSONWriter) {
        writer.object { object in
            object.member("milliseconds", Int(duration / .milliseconds(1)))
            object.member("google", google)
            object.member("aws", aws)
            object.member("kubectl", kubectl)
        }
    }
}

extension Duration {
    /// Seconds, to a tenth.
    fileprivate var inTenths: String {
        let tenths = Int((self / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
