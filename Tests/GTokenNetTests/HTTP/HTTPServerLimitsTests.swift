@testable import GTokenNet
import XCTest

final class HTTPServerLimitsTests: XCTestCase {
    func testRefusalsHaveTheirStatusAndCloseTheConnection() async throws {
        var limits = HTTPServerLimits()
        limits.maxBodyBytes = 100
        let head = "POST / HTTP/1.1\r\nHost: a\r\n"
        let cases: [(String, String, HTTPServerCounters.Rejection)] = [
            ("GET / HTTP/1.1\r\n\r\n", "400 Bad Request", .malformed),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400 Bad Request", .malformed),
            (head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "400 Bad Request", .malformed),
            (head + "Content-Length: 101\r\n\r\n", "413 Content Too Large", .tooLarge),
            (
                head + "Expect: 100-continue\r\nContent-Length: 101\r\n\r\n", "413 Content Too Large",
                .tooLarge
            ),
            ("GET /\(String(repeating: "a", count: 9000))", "414 URI Too Long", .tooLarge),
            (head + "Expect: else\r\n\r\n", "417 Expectation Failed", .malformed),
            (
                head + "A: \(String(repeating: "a", count: 17000))", "431 Request Header Fields Too Large",
                .tooLarge
            ),
            (head + "Transfer-Encoding: gzip\r\n\r\n", "501 Not Implemented", .malformed),
            ("GET / HTTP/2.0\r\n\r\n", "505 HTTP Version Not Supported", .malformed),
        ]
        try await withServer(limits: limits, handler: echo) { test in
            for (text, status, reason) in cases {
                let before = test.server.counters.rejections(reason)
                let answers = try await test.answers(to: text)
                XCTAssertTrue(answers.hasPrefix("HTTP/1.1 \(status)\r\n"), "\(text): \(answers)")
                XCTAssertTrue(answers.contains("\r\nConnection: close\r\n"), answers)
                XCTAssertEqual(test.server.counters.rejections(reason), before + 1, text)
            }
            XCTAssertEqual(test.server.counters.requests, 0)
        }
    }

    func testTheUsualLimitOfDescriptorsHoldsEveryConnection() {
        let limits = HTTPServerLimits()
        XCTAssertLessThan(limits.maxConnections + limits.maxRefusedConnections, 1024 - 64)
    }

    func testAnEmptyLineBehindARequestBeginsNoOther() async throws {
        var limits = HTTPServerLimits()
        limits.headTimeout = .milliseconds(20)
        limits.idleTimeout = .milliseconds(100)
        try await withServer(limits: limits, handler: echo) { test in
            let together = try await test.answers(to: "GET /a HTTP/1.1\r\nHost: a\r\n\r\n\r\n")
            XCTAssertTrue(together.hasSuffix("X-Request: GET /a\r\nContent-Length: 0\r\n\r\n"), together)
            let alone = try await test.answers(to: "\r\n")
            XCTAssertEqual(alone, "")
            XCTAssertEqual(test.server.counters.rejections(.timeout), 0)
        }
    }

    func testARefusedClientThatGoesOnSendingStillReadsTheAnswer() async throws {
        var limits = HTTPServerLimits()
        limits.maxBodyBytes = 100
        try await withServer(limits: limits, handler: echo) { test in
            let body = [UInt8](repeating: 0, count: 1_000_000)
            let response = try await test.client.send(
                HTTPClientRequest(method: "POST", url: try test.url(), body: body)
            )
            XCTAssertEqual(response.status, 413)
        }
    }

    func testAHeadThatDoesNotArriveInTimeIsRefused() async throws {
        var limits = HTTPServerLimits()
        limits.headTimeout = .milliseconds(20)
        try await withServer(limits: limits, handler: echo) { test in
            let answers = try await test.answers(to: "GET / HTTP/1.1\r\nHost")
            XCTAssertTrue(answers.hasPrefix("HTTP/1.1 408 "), answers)
            XCTAssertEqual(test.server.counters.rejections(.timeout), 1)
        }
    }

    func testABodyThatDoesNotArriveInTimeIsRefused() async throws {
        var limits = HTTPServerLimits()
        limits.bodyTimeout = .milliseconds(20)
        try await withServer(limits: limits, handler: echo) { test in
            for framing in ["Content-Length: 5\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\n"] {
                let answers = try await test.answers(to: "POST / HTTP/1.1\r\nHost: a\r\n\(framing)hell")
                XCTAssertTrue(answers.hasPrefix("HTTP/1.1 408 "), answers)
            }
            XCTAssertEqual(test.server.counters.rejections(.timeout), 2)
        }
    }

    func testABodyThatDripsHasADeadlineForTheWhole() async throws {
        var limits = HTTPServerLimits()
        limits.bodyTimeout = .milliseconds(100)
        try await withServer(limits: limits, handler: echo) { test in
            let connection = try await test.connect()
            defer { connection.close() }
            let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"
            try await connection.write(Array(head.utf8), deadline: .patient)
            async let dripping: Void = {
                // Each byte comes well within the deadline that a read of its own would have.
                while true {
                    try await connection.write([0], deadline: .patient)
                    try await test.loop.sleep(for: .milliseconds(10))
                }
            }()
            let answer = try await connection.read(count: 12)
            XCTAssertEqual(String(decoding: answer, as: UTF8.self), "HTTP/1.1 408")
            connection.close()
            _ = try? await dripping
        }
    }

    func testAnIdleConnectionIsClosedWithoutAWord() async throws {
        var limits = HTTPServerLimits()
        limits.idleTimeout = .milliseconds(20)
        try await withServer(limits: limits, handler: echo) { test in
            let answers = try await test.answers(to: "")
            XCTAssertEqual(answers, "")
            let kept = try await test.answers(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            XCTAssertEqual(kept, "HTTP/1.1 200 OK\r\nX-Request: GET /\r\nContent-Length: 0\r\n\r\n")
        }
    }

    func testAClientThatDoesNotReadItsAnswerIsCutOff() async throws {
        var limits = HTTPServerLimits()
        limits.writeTimeout = .milliseconds(20)
        limits.minBytesPerSecond = 1 << 40
        let body = [UInt8](repeating: 0, count: 30_000_000)
        try await withServer(limits: limits, handler: { _ in .json(body) }) { test in
            let connection = try await test.connect()
            defer { connection.close() }
            try await connection.write(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), deadline: .patient)
            while test.server.counters.acceptedConnections == 0 || test.server.counters.openConnections > 0 {
                await test.loop.yield()
            }
            let received = (try? await connection.readToEnd()) ?? []
            XCTAssertLessThan(received.count, body.count)
        }
    }

    func testAHandshakeThatDoesNotComeIsEnded() async throws {
        var limits = HTTPServerLimits()
        limits.handshakeTimeout = .milliseconds(20)
        try await withServer(tls: true, limits: limits, handler: echo) { test in
            for text in ["", "\u{16}\u{3}\u{1}\u{2}"] {
                let answers = try await test.answers(to: text)
                XCTAssertFalse(answers.contains("HTTP"), answers)
            }
            _ = try? await test.answers(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            XCTAssertEqual(test.server.counters.rejections(.handshake), 3)
        }
    }

    func testConnectionsAboveTheLimitAreToldToComeBack() async throws {
        var limits = HTTPServerLimits()
        limits.maxConnections = 2
        limits.patienceWhenFull = .seconds(60)
        try await withServer(limits: limits, handler: echo) { test in
            let first = try await test.connect()
            let second = try await test.connect()
            let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
            for connection in [first, second] {
                try await connection.write(Array(request.utf8), deadline: .patient)
                let status = try await connection.read(count: 12)
                XCTAssertEqual(String(decoding: status, as: UTF8.self), "HTTP/1.1 200")
            }
            let answers = try await test.answers(to: request)
            XCTAssertTrue(answers.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"), answers)
            XCTAssertTrue(answers.contains("\r\nRetry-After: 1\r\n"), answers)
            XCTAssertTrue(answers.contains("\r\nConnection: close\r\n"), answers)
            XCTAssertEqual(test.server.counters.rejections(.connectionLimit), 1)
            first.close()
            while test.server.counters.openConnections > 1 { await test.loop.yield() }
            let later = try await test.answers(to: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            XCTAssertTrue(later.hasPrefix("HTTP/1.1 200 "), later)
            second.close()
        }
    }

    func testConnectionsFarAboveTheLimitAreClosed() async throws {
        var limits = HTTPServerLimits()
        limits.maxConnections = 1
        limits.patienceWhenFull = .seconds(60)
        try await withServer(limits: limits, handler: echo) { test in
            var connections: [Connection] = []
            for _ in 0..<5 { connections.append(try await test.connect()) }
            while test.server.counters.acceptedConnections < 5 { await test.loop.yield() }
            XCTAssertEqual(test.server.counters.openConnections, 2)
            XCTAssertEqual(test.server.counters.rejections(.connectionLimit), 4)
            for connection in connections { connection.close() }
        }
    }

    func testBodiesAboveTheBudgetAreToldToComeBack() async throws {
        var limits = HTTPServerLimits()
        limits.maxBodyBytesInFlight = 1000
        let mayAnswer = Gate<Void>()
        let handler: HTTPServer.Handler = { request in
            if request.path == "/wait" { _ = await mayAnswer.wait() }
            return .text("done")
        }
        try await withServer(limits: limits, handler: handler) { test in
            func post(_ target: String, _ framing: String, _ body: Int) -> String {
                "POST \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(framing)\r\n\r\n"
                    + String(repeating: "b", count: body)
            }
            async let held = test.answers(to: post("/wait", "Content-Length: 800", 800))
            while test.server.counters.heldBodyBytes < 800 { await test.loop.yield() }
            let refused = [
                post("/", "Content-Length: 201", 201),
                // Announced, and refused before it comes.
                post("/", "Content-Length: 100000", 0),
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFF\r\n"
                    + String(repeating: "b", count: 255) + "\r\n",
            ]
            for text in refused {
                let answers = try await test.answers(to: text)
                XCTAssertTrue(answers.hasPrefix("HTTP/1.1 503 "), answers)
                XCTAssertTrue(answers.contains("\r\nRetry-After: 1\r\n"), answers)
            }
            let small = try await test.answers(to: post("/", "Content-Length: 200", 200))
            XCTAssertTrue(small.hasPrefix("HTTP/1.1 200 "), small)
            mayAnswer.open(())
            let first = try await held
            XCTAssertTrue(first.hasPrefix("HTTP/1.1 200 "), first)
            XCTAssertEqual(test.server.counters.rejections(.bodyLimit), 3)
        }
    }
}
