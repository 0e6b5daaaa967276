import GTokenCore
import GTokenNet
import GTokenRuntime

/// Reviews for a webhook, each connection's next one when its last is answered.
struct Load: Sendable {
    private let target: Target

    init(_ target: Target) { self.target = target }

    /// Over connections that are kept; where one ends before its answer, which a server with too much to do is right to
    /// let happen, that is a failure, and another is opened a little later.
    func keepAlive(connections: Int, seconds: Int) async throws {
        try await repeating(connections, seconds) { worker, end in
            while !end.hasPassed {
                do {
                    try await keepAsking(until: end, worker)
                } catch {
                    worker.noteFailure()
                    try await target.loop.sleep(for: .milliseconds(100))
                }
            }
        }
    }

    private func keepAsking(until end: Deadline, _ tally: Tally) async throws {
        var answer: [UInt8] = []
        let connection = try await target.connect()
        defer { connection.close() }
        while !end.hasPassed {
            let begin = ContinuousClock.now
            let isRight = try await target.review(on: connection, &answer)
            tally.note(ContinuousClock.now - begin, isRight)
        }
    }

    /// Over a new connection each.
    func connect(atOnce: Int, seconds: Int) async throws {
        try await repeating(atOnce, seconds) { worker, end in
            while !end.hasPassed { try await one(worker) }
        }
    }

    /// Over so many new connections at the same instant, `rounds` times; the latency is each round's last answer's.
    func burst(atOnce: Int, rounds: Int) async throws {
        try await repeating(1, 0) { result, _ in
            for _ in 0..<rounds {
                let answers = Tally()
                // All of them are ready by then.
                let pause = Duration.milliseconds(300)
                let (begin, deadline) = (ContinuousClock.now + pause, Deadline.after(pause))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<atOnce {
                        group.addTask {
                            let session = try target.session()
                            try await target.loop.sleep(until: deadline)
                            try await one(answers, session)
                        }
                    }
                    try await group.waitForAll()
                }
                result.note(ContinuousClock.now - begin, answers.failures == 0)
            }
        }
    }

    /// One request over each of so many connections at once; how many answers there were of each status.
    func statuses(atOnce: Int) async throws {
        let statuses = try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<atOnce {
                group.addTask {
                    let connection = try await target.connect()
                    defer { connection.close() }
                    return await target.status(on: connection)
                }
            }
            return try await group.reduce(into: [:]) { $0[$1 ?? 0, default: 0] += 1 }
        }
        try Report.print(statuses.map { ("\($0.key)", Double($0.value)) })
    }

    private func one(_ tally: Tally) async throws {
        try await one(tally, target.session())
    }

    private func one(_ tally: Tally, _ session: sending TLSSession) async throws {
        var answer: [UInt8] = []
        let begin = ContinuousClock.now
        let connection = try await target.connect(session)
        defer { connection.close() }
        let isRight = try await target.review(on: connection, &answer)
        tally.note(ContinuousClock.now - begin, isRight)
    }

    private func repeating(
        _ workers: Int,
        _ seconds: Int,
        _ body: @escaping @Sendable (Tally, Deadline) async throws -> Void
    ) async throws {
        let tally = Tally()
        let begin = ContinuousClock.now
        let end = Deadline.after(.seconds(seconds))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers { group.addTask { try await body(tally, end) } }
            try await group.waitForAll()
        }
        try tally.print(over: ContinuousClock.now - begin)
    }
}

/// How long right answers took, and how many requests had none.
final class Tally: Sendable {
    private let state = Locked((latencies: [Int](), failures: 0))

    var failures: Int { state.withLock { $0.failures } }

    func note(_ latency: Duration, _ isRight: Bool) {
        guard isRight else { return noteFailure() }
        let microseconds = Int(latency / .microseconds(1))
        state.withLock { $0.latencies.append(microseconds) }
    }

    func noteFailure() { state.withLock { $0.failures += 1 } }

    /// Prints everything; latencies in microseconds.
    func print(over time: Duration) throws {
        let (latencies, failures) = state.withLock { ($0.latencies.sorted(), $0.failures) }
        func quantile(_ share: Double) -> Int {
            latencies.isEmpty ? 0 : latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
        }
        try Report.print([
            ("answers", Double(latencies.count)), ("failures", Double(failures)),
            ("seconds", time / .seconds(1)), ("p50", Double(quantile(0.5))),
            ("p90", Double(quantile(0.9))), ("p99", Double(quantile(0.99))),
            ("longest", Double(latencies.last ?? 0)),
        ])
    }
}

/// Results on standard output, for the driver.
enum Report {
    static func print(_ figures: [(name: String, value: Double)]) throws {
        let members = figures.map { "\"\($0.name)\": \($0.value)" }
        try StandardOutput.writeLine("{\(members.joined(separator: ", "))}")
    }
}
