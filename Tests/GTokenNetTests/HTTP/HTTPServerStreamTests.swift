@testable import GTokenNet
import XCTest

/// Answers that are made while they are sent.
final class HTTPServerStreamTests: XCTestCase {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    func testPiecesArriveAsTheyAreMadeAndTheConnectionIsUsedAgain() async throws {
        for tls in [false, true] {
            let mayGoOn = (0..<3).map { _ in Gate<Void>() }
            let handler: HTTPServer.Handler = { _ in
                let sent = Tally()
                return .stream(contentType: "application/json") {
                    guard sent.count < mayGoOn.count else { return .end }
                    _ = await mayGoOn[sent.count].wait()
                    sent.add()
                    return .bytes(Array("event \(sent.count)".utf8))
                }
            }
            try await withServer(tls: tls, handler: handler) { test in
                let stream = try await test.client.stream(HTTPClientRequest(url: try test.url()))
                XCTAssertEqual(stream.head.status, 200)
                XCTAssertEqual(stream.head.headers["Transfer-Encoding"], "chunked")
                XCTAssertNil(stream.head.headers["Content-Length"])
                let iterator = stream.makeAsyncIterator()
                for (number, gate) in mayGoOn.enumerated() {
                    gate.open(())
                    let piece = try await iterator.next()
                    XCTAssertEqual(piece, Array("event \(number + 1)".utf8))
                }
                let end = try await iterator.next()
                XCTAssertNil(end)
                let again = try await test.client.send(HTTPClientRequest(url: try test.url()))
                XCTAssertEqual(again.text, "event 1event 2event 3")
                XCTAssertEqual(test.server.counters.acceptedConnections, 1)
            }
        }
    }

    func testTheFramingIsThatOfTheClientsVersion() async throws {
        let handler: HTTPServer.Handler = { _ in Self.pieces(["", "one", "", "two"]) }
        try await withServer(handler: handler) { test in
            let chunked = try await test.answers(to: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            XCTAssertTrue(
                chunked.hasSuffix("Connection: close\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"),
                chunked
            )
            let old = try await test.answers(to: "GET / HTTP/1.0\r\n\r\n")
            XCTAssertTrue(old.hasSuffix("Connection: close\r\n\r\nonetwo"), old)
            XCTAssertFalse(old.contains("Transfer-Encoding"), old)
            let head = try await test.answers(
                to: "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            XCTAssertTrue(head.hasSuffix("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"), head)
        }
    }

    func testARequestSentBehindAStreamIsAnsweredAfterIt() async throws {
        let handler: HTTPServer.Handler = { request in
            request.path == "/stream" ? Self.pieces(["piece"]) : .text("plain")
        }
        try await withServer(handler: handler) { test in
            let text = try await test.answers(
                to:
                    "GET /stream HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            XCTAssertTrue(text.contains("5\r\npiece\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"), text)
            XCTAssertTrue(text.hasSuffix("plain"), text)
        }
    }

    func testAStreamThatIsCutIsNotTakenForComplete() async throws {
        let handler: HTTPServer.Handler = { _ in
            let asked = Tally()
            return .stream(contentType: "text/plain") {
                asked.add()
                return asked.count == 1 ? .bytes(Array("half".utf8)) : .cut
            }
        }
        try await withServer(handler: handler) { test in
            let text = try await test.answers(to: Self.request)
            XCTAssertTrue(text.hasSuffix("\r\n\r\n4\r\nhalf\r\n"), text)
        }
    }

    func testAnUnansweredRequestGetsNothing() async throws {
        try await withServer(handler: { _ in .unanswered }) { test in
            let text = try await test.answers(to: Self.request)
            XCTAssertEqual(text, "")
        }
    }

    func testAClientThatLeavesEndsTheStream() async throws {
        for tls in [false, true] {
            let never = Gate<Void>()
            let isOver = Gate<Void>()
            let handler = Self.waiting(for: never, isOver: isOver)
            try await withServer(tls: tls, handler: handler) { test in
                let stream = try await test.client.stream(HTTPClientRequest(url: try test.url()))
                stream.cancel()
                let ended: Void? = await isOver.wait()
                XCTAssertNotNil(ended)
            }
        }
    }

    func testAStreamEndsWhenTheServerIsStopped() async throws {
        let never = Gate<Void>()
        let isOver = Gate<Void>()
        try await withServer(handler: Self.waiting(for: never, isOver: isOver)) { test in
            let stream = try await test.client.stream(HTTPClientRequest(url: try test.url()))
            let start = ContinuousClock.now
            async let shutdown: Void = test.server.shutdown(within: .seconds(60))
            let piece = try await stream.makeAsyncIterator().next()
            XCTAssertNil(piece)
            await shutdown
            XCTAssertLessThan(ContinuousClock.now - start, .seconds(20))
        }
    }

    func testAClientThatDoesNotReadIsNotWaitedForForever() async throws {
        var limits = HTTPServerLimits()
        limits.writeTimeout = .milliseconds(50)
        limits.minBytesPerSecond = 1 << 30
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        let handler: HTTPServer.Handler = { _ in
            .stream(contentType: "text/plain") { .bytes(piece) }
        }
        try await withServer(limits: limits, handler: handler) { test in
            let connection = try await test.connect()
            defer { connection.close() }
            try await connection.write(Array(Self.request.utf8), deadline: .patient)
            while test.server.counters.requests == 0 { await test.loop.yield() }
            while test.server.counters.openConnections > 0 {
                try await test.loop.sleep(for: .milliseconds(5))
            }
        }
    }

    func testAClientThatTalksWithoutEndDuringAStreamIsCutOff() async throws {
        let never = Gate<Void>()
        let isOver = Gate<Void>()
        try await withServer(handler: Self.waiting(for: never, isOver: isOver)) { test in
            let connection = try await test.connect()
            defer { connection.close() }
            let noise = [UInt8](repeating: 0x61, count: 64 * 1024)
            try await connection.write(Array(Self.request.utf8) + noise, deadline: .patient)
            let ended: Void? = await isOver.wait()
            XCTAssertNotNil(ended)
        }
    }

    func testAFullServerKeepsStreamsThatWaitForTheirNextPiece() async throws {
        var limits = HTTPServerLimits()
        limits.maxConnections = 1
        limits.patienceWhenFull = .zero
        let mayEnd = Gate<Void>()
        let isOver = Gate<Void>()
        try await withServer(limits: limits, handler: Self.waiting(for: mayEnd, isOver: isOver)) { test in
            let stream = try await test.client.stream(HTTPClientRequest(url: try test.url()))
            let refusal = try await test.answers(to: Self.request)
            XCTAssertTrue(refusal.hasPrefix("HTTP/1.1 503 "), refusal)
            mayEnd.open(())
            let end = try await stream.makeAsyncIterator().next()
            XCTAssertNil(end)
        }
    }

    /// A stream without a piece; `isOver` opens when its task is cancelled.
    private static func waiting(for gate: Gate<Void>, isOver: Gate<Void>) -> HTTPServer.Handler {
        { _ in
            .stream(contentType: "text/plain") {
                _ = await gate.wait()
                isOver.open(())
                return .end
            }
        }
    }

    private static func pieces(_ texts: [String]) -> HTTPResponse {
        let sent = Tally()
        return .stream(contentType: "text/plain") {
            guard sent.count < texts.count else { return .end }
            defer { sent.add() }
            return .bytes(Array(texts[sent.count].utf8))
        }
    }
}
