import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// The built webhook is ended while an API server goes on calling it.
final class ShutdownTests: XCTestCase {
    private static let connections = 64

    /// What one connection saw until it was told to close.
    private struct Seen: Sendable {
        var answered = 0
        var wasToldToClose = false
        var failure: String?
    }

    func testNoRequestIsLostUnderTheLoadOf64Connections() async throws {
        let cluster = try Cluster(namespace: "shop")
        let account = try ReviewCase.named("custom-sa")
        try cluster.put(try account.value("serviceaccount.json"))
        let body = try account.bytes("review.json")
        let webhook = try await RunningWebhook(
            api: .port(cluster.port),
            on: cluster.loop,
            arguments: ["--image=gtoken", "--shutdown-delay=1s"]
        )
        let trust = webhook.trust
        let request = try webhook.reviewRequest(body)
        let warm = Locked(0)
        let loop = cluster.loop
        let workers = (0..<Self.connections).map { _ in
            Task(executorPreference: loop) { () -> Seen in
                // One connection each, as an API server has for each request in flight.
                let client = HTTPClient(loop: loop, tls: trust)
                defer { client.close() }
                var seen = Seen()
                while !seen.wasToldToClose {
                    do {
                        let answer = try await client.send(request)
                        guard answer.status == 200 else {
                            seen.failure = "answered \(answer.status)"
                            return seen
                        }
                        seen.answered += 1
                        if seen.answered == 1 { warm.withLock { $0 += 1 } }
                        seen.wasToldToClose = answer.headers.listsClose
                    } catch {
                        seen.failure = "\(error) after \(seen.answered) answers"
                        return seen
                    }
                }
                return seen
            }
        }
        // Idle connections, which nobody tells anything, are closed.
        let idle = HTTPClient(loop: loop, tls: trust)
        _ = try await idle.send(request)
        try await eventually("all connections are in use") {
            warm.withLock { $0 } == Self.connections ? true : nil
        }

        let start = ContinuousClock.now
        webhook.process.send(signal: SIGTERM)
        try await eventually("it is not ready") {
            webhook.log.contains("\"stopping\"") ? true : nil
        }
        let unready = try await webhook.get("/readyz")
        XCTAssertEqual(unready.status, 503)
        XCTAssertEqual(String(decoding: unready.body, as: UTF8.self), "stopping\n")
        var answered = 0
        for worker in workers {
            let seen = await worker.value
            XCTAssertNil(seen.failure)
            XCTAssertTrue(seen.wasToldToClose)
            answered += seen.answered
        }
        let status = try await eventually("the webhook ends", within: .seconds(12)) {
            webhook.process.exitStatus()
        }
        let took = ContinuousClock.now - start
        XCTAssertEqual(status, 0)
        XCTAssertLessThan(took, .seconds(10))
        print(
            "shutdown: \(answered) requests over \(Self.connections) connections answered, none lost, ended after \(took)"
        )
        await cluster.stop()
    }
}
