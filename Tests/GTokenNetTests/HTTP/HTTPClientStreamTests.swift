@testable import GTokenNet
import XCTest

final class HTTPClientStreamTests: XCTestCase {
    private static let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    func testPiecesComeAsTheyArrive() async throws {
        let mayGoOn = (0..<3).map { _ in Gate<Void>() }
        let watch: ScriptedServer.Script = { peer in
            while try await peer.request() != nil {
                try await peer.send(Self.head)
                for (number, gate) in mayGoOn.enumerated() {
                    _ = await gate.wait()
                    try await peer.send("7\r\nevent \(number)\r\n")
                }
                try await peer.send("0\r\n\r\n")
            }
        }
        try await withScripts([watch]) { client, server, _ in
            let stream = try await client.stream(HTTPClientRequest(url: try server.url()))
            XCTAssertEqual(stream.head.status, 200)
            let iterator = stream.makeAsyncIterator()
            for (number, gate) in mayGoOn.enumerated() {
                gate.open(())
                let piece = try await iterator.next()
                XCTAssertEqual(piece, Array("event \(number)".utf8))
            }
            for _ in 1...2 {
                let end = try await iterator.next()
                XCTAssertNil(end)
            }
            _ = try await client.send(HTTPClientRequest(url: try server.url()))
            XCTAssertEqual(server.accepted.count, 1)
        }
    }

    func testALargeStreamIsReadToItsEnd() async throws {
        let script: ScriptedServer.Script = { peer in
            _ = try await peer.request()
            try await peer.send(Self.head)
            for _ in 0..<100 {
                try await peer.send("20000\r\n" + String(repeating: "x", count: 0x20000) + "\r\n")
            }
            try await peer.send("0\r\n\r\n")
        }
        try await withScripts([script]) { client, server, _ in
            var count = 0
            for try await piece in try await client.stream(HTTPClientRequest(url: try server.url())) {
                count += piece.count
            }
            XCTAssertEqual(count, 100 * 0x20000)
        }
    }

    func testAStreamThatBreaksOffSaysSo() async throws {
        try await withScripts([answeringOnce(Self.head + "5\r\nhello\r\n")]) { client, server, _ in
            let url = try server.url()
            let iterator = try await client.stream(HTTPClientRequest(url: url)).makeAsyncIterator()
            let piece = try await iterator.next()
            XCTAssertEqual(piece, Array("hello".utf8))
            await assertThrows(.closedEarly(url: "\(url)")) { try await iterator.next() }
        }
    }

    func testAStreamCanBeEndedFromOutside() async throws {
        let silent: ScriptedServer.Script = { peer in
            _ = try await peer.request()
            try await peer.send(Self.head)
            _ = try await peer.connection.readToEnd()
        }
        try await withScripts([silent]) { client, server, loop in
            let url = try server.url()
            let stream = try await client.stream(HTTPClientRequest(url: url))
            let reading = Task(executorPreference: loop) {
                for try await _ in stream {}
            }
            await loop.yield()
            stream.cancel()
            await assertThrows(.exchange(url: "\(url)", cause: .closed)) { try await reading.value }

            let second = try await client.stream(HTTPClientRequest(url: url))
            let cancelled = Task(executorPreference: loop) {
                for try await _ in second {}
            }
            await loop.yield()
            cancelled.cancel()
            await assertThrows(.cancelled(url: "\(url)")) { try await cancelled.value }

            let third = try await client.stream(HTTPClientRequest(url: url), idleTimeout: .milliseconds(20))
            await assertThrows(.timedOut(url: "\(url)", connecting: false)) {
                for try await _ in third {}
            }
        }
    }

    func testADroppedStreamClosesItsConnection() async throws {
        let hasLeft = Gate<Void>()
        let silent: ScriptedServer.Script = { peer in
            _ = try await peer.request()
            try await peer.send(Self.head)
            _ = try? await peer.connection.readToEnd()
            hasLeft.open(())
        }
        try await withScripts([silent]) { client, server, _ in
            _ = try await client.stream(HTTPClientRequest(url: try server.url()))
            _ = await hasLeft.wait()
        }
    }

    func testAStreamThatHasEndedLeavesItsConnectionAlone() async throws {
        let hello = answering(Self.head + "5\r\nhello\r\n0\r\n\r\n")
        try await withScripts([hello]) { client, server, _ in
            let request = HTTPClientRequest(url: try server.url())
            let stream = try await client.stream(request)
            for _ in 1...2 {
                for try await _ in stream {}
            }
            stream.cancel()
            // One of them takes the stream's connection, the other one of its own.
            async let first = client.send(request)
            async let second = client.send(request)
            let answers = try await [first.text, second.text]
            XCTAssertEqual(answers, ["hello", "hello"])
            XCTAssertEqual(server.accepted.count, 2)
        }
    }

    func testAClientMayBeUsedOutsideItsLoop() async throws {
        let group = try EventLoopGroup(count: 1)
        defer { group.shutdown() }
        let server = HTTPServer(address: .loopback(port: 0), loops: group.loops) { .text($0.target) }
        let port = try server.start()
        let running = Task { try await server.run() }
        let client = HTTPClient(loop: group.loops[0])
        let url = try HTTPURL(scheme: .http, host: "localhost", port: port, target: "/x")
        let response = try await client.send(HTTPClientRequest(url: url))
        XCTAssertEqual(response.text, "/x")
        var body: [UInt8] = []
        for try await piece in try await client.stream(HTTPClientRequest(url: url)) { body += piece }
        XCTAssertEqual(body, Array("/x".utf8))
        await server.shutdown(within: .seconds(10))
        try await running.value
    }
}
