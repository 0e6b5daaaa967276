@testable import GTokenNet
import XCTest

/// Who leaves when a place, or the room for a body, is needed by another.
final class HTTPServerFullHouseTests: XCTestCase {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let lastRequest = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    /// Three places, and no patience with those who wait in them.
    private var limits: HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.maxConnections = 3
        limits.patienceWhenFull = .zero
        limits.patienceWithKnown = .zero
        return limits
    }

    /// Opens a connection, sends this, and waits until the server has accepted it.
    private static func open(_ test: TestServer, sending text: String = "") async throws -> Connection {
        let before = test.server.counters.acceptedConnections
        let connection = try await test.connect()
        try await connection.write(Array(text.utf8), deadline: .patient)
        while test.server.counters.acceptedConnections == before { await test.loop.yield() }
        return connection
    }

    private static func openAnswered(_ test: TestServer) async throws -> Connection {
        let connection = try await open(test, sending: Self.request)
        try await expectAnswer(connection)
        return connection
    }

    private static func expectAnswer(_ connection: Connection) async throws {
        let expected = "HTTP/1.1 200 OK\r\nX-Request: GET /\r\nContent-Length: 0\r\n\r\n"
        let answer = try await connection.read(count: expected.utf8.count)
        XCTAssertEqual(String(decoding: answer, as: UTF8.self), expected)
    }

    func testWhoHasKeptUsWaitingLongestLeavesForANewClient() async throws {
        for (tls, words) in [
            (false, ["", "GET", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nb"]),
            (true, ["", "\u{16}", "\u{16}\u{3}"]),
        ] {
            try await withServer(tls: tls, limits: limits, handler: echo) { test in
                var waiting: [Connection] = []
                for word in words { waiting.append(try await Self.open(test, sending: word)) }
                for number in 0..<3 {
                    let client = HTTPClient(loop: test.loop, tls: try TestIdentity.root.client())
                    let response = try await client.send(HTTPClientRequest(url: test.url()))
                    XCTAssertEqual(response.status, 200)
                    // It has been closed without a word; the next one is still there.
                    let end = try await waiting[number].readToEnd()
                    XCTAssertEqual(end, [])
                    XCTAssertEqual(test.server.counters.rejections(.crowdedOut), number + 1)
                    client.close()
                    while test.server.counters.openConnections > 2 { await test.loop.yield() }
                    waiting.append(try await Self.open(test))
                }
                XCTAssertEqual(test.server.counters.rejections(.connectionLimit), 0)
            }
        }
    }

    /// An API server's idle connections are worth more than those of clients that never asked anything.
    func testAClientThatHadAnAnswerStaysBeforeStrangers() async throws {
        try await withServer(limits: limits, handler: echo) { test in
            let known = try await Self.openAnswered(test)
            var strangers = [try await Self.open(test), try await Self.open(test, sending: "GET / HT")]
            for _ in 1...4 {
                let newcomer = try await Self.open(test, sending: Self.request)
                try await Self.expectAnswer(newcomer)
                newcomer.close()
                while test.server.counters.openConnections > 2 { await test.loop.yield() }
                strangers.append(try await Self.open(test))
            }
            try await known.write(Array(Self.lastRequest.utf8), deadline: .patient)
            let answer = try await known.readToEnd()
            XCTAssertTrue(answer.starts(with: "HTTP/1.1 200 OK\r\n".utf8))
            for connection in strangers { connection.close() }
        }
    }

    func testOfTheIdleClientsTheOneThatWasAnsweredFirstLeaves() async throws {
        try await withServer(limits: limits, handler: echo) { test in
            let first = try await Self.openAnswered(test)
            let second = try await Self.openAnswered(test)
            let third = try await Self.openAnswered(test)
            // The oldest connection, and the one used last.
            try await first.write(Array(Self.request.utf8), deadline: .patient)
            try await Self.expectAnswer(first)
            let fourth = try await Self.openAnswered(test)
            let end = try await second.readToEnd()
            XCTAssertEqual(end, [])
            for connection in [first, third, fourth] {
                try await connection.write(Array(Self.request.utf8), deadline: .patient)
                try await Self.expectAnswer(connection)
            }
        }
    }

    func testWhoseRequestIsBeingAnsweredStays() async throws {
        let mayAnswer = Gate<Void>()
        let handler: HTTPServer.Handler = { request in
            _ = await mayAnswer.wait()
            return await echo(request)
        }
        try await withServer(limits: limits, handler: handler) { test in
            var asking: [Connection] = []
            for number in 1...3 {
                asking.append(try await Self.open(test, sending: Self.request))
                while test.server.counters.requests < number { await test.loop.yield() }
            }
            let refused = try await test.answers(to: Self.request)
            XCTAssertTrue(refused.hasPrefix("HTTP/1.1 503 "), refused)
            XCTAssertTrue(refused.contains("\r\nRetry-After: 1\r\n"), refused)
            mayAnswer.open(())
            for connection in asking { try await Self.expectAnswer(connection) }
            XCTAssertEqual(test.server.counters.rejections(.crowdedOut), 0)
        }
    }

    func testWhoDoesNotTakeTheAnswerLeavesToo() async throws {
        let body = [UInt8](repeating: 0, count: 30_000_000)
        let handler: HTTPServer.Handler = { request in
            request.path == "/large" ? .json(body) : await echo(request)
        }
        try await withServer(limits: limits, handler: handler) { test in
            var deaf: [Connection] = []
            for number in 1...3 {
                deaf.append(try await Self.open(test, sending: "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"))
                while test.server.counters.requests < number { await test.loop.yield() }
            }
            let answer = try await test.answers(to: Self.lastRequest)
            XCTAssertTrue(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), answer)
            XCTAssertEqual(test.server.counters.rejections(.crowdedOut), 1)
            for connection in deaf { connection.close() }
        }
    }

    func testASlowBodyLeavesForOneThatIsThere() async throws {
        var limits = limits
        limits.maxConnections = 100
        limits.maxBodyBytesInFlight = 1000
        try await withServer(limits: limits, handler: echo) { test in
            func post(_ length: Int, _ sent: Int) -> String {
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(length)\r\n\r\n"
                    + String(repeating: "b", count: sent)
            }
            let slow = try await Self.open(test, sending: post(500, 400))
            let slower = try await Self.open(test, sending: post(500, 300))
            while test.server.counters.heldBodyBytes < 700 { await test.loop.yield() }
            // Not even both together would make room for it, so nobody leaves.
            let impossible = try await test.answers(to: post(1001, 0))
            XCTAssertTrue(impossible.hasPrefix("HTTP/1.1 503 "), impossible)
            XCTAssertEqual(test.server.counters.rejections(.crowdedOut), 0)
            let answer = try await test.answers(to: post(500, 500))
            XCTAssertTrue(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), answer)
            let end = try await slow.readToEnd()
            XCTAssertEqual(end, [])
            XCTAssertEqual(test.server.counters.rejections(.crowdedOut), 1)
            XCTAssertEqual(test.server.counters.heldBodyBytes, 300)
            try await slower.write([UInt8](repeating: 0, count: 200), deadline: .patient)
            let last = try await slower.readToEnd()
            XCTAssertTrue(last.starts(with: "HTTP/1.1 200 OK\r\n".utf8))
        }
    }
}
