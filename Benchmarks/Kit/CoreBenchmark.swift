import CAllocations
import GTokenCore
import GTokenNet
import GTokenRuntime

/// GTokenCore alone, on one review: what each step costs, beside one bare pass over the bytes.
struct CoreBenchmark {
    private let body: [UInt8]

    init(path: String) throws { body = try FileReader.read(path: path, maxBytes: 64 << 20) }

    /// Prints nanoseconds a step, the least of so many turns: what disturbs a measurement only adds to it.
    ///
    /// A turn is about a millisecond of whole admissions; of those that are longer there are as many as fit into the
    /// time of all turns, but five at least.
    func run(turns: Int) throws {
        let configuration = InjectionConfiguration(image: "registry.example/gtoken:1.0.0", version: "1.0.0")
        let rules = InjectionRules(
            configuration: configuration,
            cluster: ClusterFacts(serverMajor: "1", serverMinor: "33")
        )
        // As the webhook keeps it.
        let account = rules.prepare(
            ServiceAccountRole(
                [
                    "amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/app-role",
                    RoleAnnotations.googleServiceAccountKey: "app@demo-project.iam.gserviceaccount.com",
                ],
                configuration
            )
        )
        let document = try JSONDocument(body)
        let review = try AdmissionReview(parsing: document)
        guard let pod = review.createdPod else { throw BenchError.notANewPod }
        let outcome = rules.decide(NewPod(pod), account: account)
        guard outcome.decision == .injected else { throw BenchError.notANewPod }
        let response = AdmissionResponse.allowed(patch: outcome.patch)

        let sink = Sink()
        let repeats = max(1, Self.bytesPerTurn / body.count)
        let turns = max(5, turns / max(1, body.count / Self.bytesPerTurn))
        func measure(_ step: () throws -> Int) rethrows -> Double {
            var least = Double.infinity
            for _ in 0..<turns {
                let begin = ContinuousClock.now
                for _ in 0..<repeats { sink.take(try step()) }
                least = min(least, (ContinuousClock.now - begin) / .nanoseconds(repeats))
            }
            return least
        }
        func admission() throws -> Int {
            let review = try AdmissionReview(parsing: JSONDocument(body))
            guard let pod = review.createdPod else { return 0 }
            let outcome = rules.decide(NewPod(pod), account: account)
            return AdmissionResponse.allowed(patch: outcome.patch).encoded(for: review).count
        }
        var figures = try [
            ("bytes", Double(body.count)), ("turns", Double(turns)),
            ("sum", measure { body.reduce(0) { $0 &+ Int($1) } }),
            ("pass", measure { Int(truncatingIfNeeded: Self.hash(body.span)) }),
            ("parse", measure { try JSONDocument(body).root.isObject ? 1 : 0 }),
            ("review", measure { try AdmissionReview(parsing: document).uid.utf8.count }),
            ("decide", measure { rules.decide(NewPod(pod), account: account).patch.operations.count }),
            ("encode", measure { response.encoded(for: review).count }), ("all", measure(admission)),
        ]
        // Once all of this has been done many times, nothing is made for the first time.
        let before = allocations_so_far()
        sink.take(try admission())
        let after = allocations_so_far()
        figures.append(("allocations", Double(after.count - before.count)))
        figures.append(("allocatedBytes", Double(after.bytes - before.bytes)))
        try Report.print(figures)
    }

    /// How much of reviews is read in about a millisecond.
    private static let bytesPerTurn = 100_000

    /// FNV-1a: a pass that takes in one byte after the other, as whoever reads a text has to.
    private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return hash
    }
}

/// Where results go, so that no step is optimised away.
private final class Sink {
    private var value = 0

    @inline(never)
    func take(_ result: Int) { value ^= result }
}
