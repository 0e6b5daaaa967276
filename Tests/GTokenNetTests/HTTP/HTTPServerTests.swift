@testable import GTokenNet
import XCTest

final class HTTPServerTests: XCTestCase {
    func testRequestsOfOneConnectionAreAnsweredInOrder() async throws {
        for tls in [false, true] {
            try await withServer(tls: tls, handler: echo) { test in
                for body in ["", "a", String(repeating: "b", count: 100_000)] {
                    let request = HTTPClientRequest(
                        method: "POST",
                        url: try test.url("/x?y"),
                        body: Array(body.utf8)
                    )
                    let response = try await test.client.send(request)
                    XCTAssertEqual(response.status, 200)
                    XCTAssertEqual(response.text, body)
                    XCTAssertEqual(response.headers["x-request"], "POST /x?y")
                    XCTAssertNil(response.headers["Connection"])
                }
                XCTAssertEqual(test.server.counters.acceptedConnections, 1)
                XCTAssertEqual(test.server.counters.requests, 3)
            }
        }
    }

    func testPipelinedRequestsAreAnsweredInOrder() async throws {
        try await withServer(handler: echo) { test in
            var text = ""
            for number in 1...200 {
                text += "POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            }
            text += "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let answers = try await test.answers(to: text)
            var expected = ""
            for number in 1...200 {
                expected += "HTTP/1.1 200 OK\r\nX-Request: POST /\(number)\r\nContent-Length: 3\r\n\r\nabc"
            }
            expected +=
                "HTTP/1.1 200 OK\r\nX-Request: GET /last\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            XCTAssertEqual(answers, expected)
        }
    }

    /// Who sends many requests at once does not keep the others waiting until all are answered.
    func testPipelinedRequestsLeaveOthersTheirTurn() async throws {
        let order = Seen()
        let othersHaveAsked = Gate<Void>()
        try await withServer { request in
            order.note(request.target)
            if order.requests.count == 1 { _ = await othersHaveAsked.wait() }
            return .text("ok")
        } _: { test in
            let (many, one) = (try await test.connect(), try await test.connect())
            defer { many.close(); one.close() }
            let requests = String(repeating: "GET /many HTTP/1.1\r\nHost: a\r\n\r\n", count: 200)
            try await many.write(Array(requests.utf8), deadline: .patient)
            try await one.write(Array("GET /one HTTP/1.1\r\nHost: a\r\n\r\n".utf8), deadline: .patient)
            othersHaveAsked.open(())
            var answer: [UInt8] = []
            _ = try await one.read(into: &answer, deadline: .patient)
            let place = try XCTUnwrap(order.requests.firstIndex(of: "/one"))
            XCTAssertLessThan(place, 100)
        }
    }

    func testHeadHasNoBody() async throws {
        try await withServer(handler: { _ in .text("hello") }) { test in
            let answers = try await test.answers(
                to: "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            XCTAssertTrue(answers.hasSuffix("Content-Length: 5\r\nConnection: close\r\n\r\n"), answers)
        }
    }

    func testAHandlerCanCloseTheConnection() async throws {
        try await withServer(handler: { _ in HTTPResponse(status: 200, headers: ["Connection": "close"]) }) {
            test in
            let answers = try await test.answers(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            XCTAssertEqual(answers, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
    }

    func testABodyInChunksIsTaken() async throws {
        try await withServer(handler: echo) { test in
            let answers = try await test.answers(
                to: "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"
            )
            XCTAssertTrue(answers.hasSuffix("\r\n\r\nhello!"), answers)
        }
    }

    func testAClientThatAsksIsToldToContinue() async throws {
        try await withServer(handler: echo) { test in
            let connection = try await test.connect()
            defer { connection.close() }
            let head =
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
            try await connection.write(Array(head.utf8), deadline: .patient)
            let interim = "HTTP/1.1 100 Continue\r\n\r\n"
            let received = try await connection.read(count: interim.utf8.count)
            XCTAssertEqual(String(decoding: received, as: UTF8.self), interim)
            try await connection.write(Array("hi".utf8), deadline: .patient)
            let answer = String(decoding: try await connection.readToEnd(), as: UTF8.self)
            XCTAssertTrue(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\nhi"), answer)
        }
    }

    func testALargeBodyTravelsBothWays() async throws {
        let body = [UInt8]((0..<17_400_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        for tls in [false, true] {
            try await withServer(tls: tls, handler: echo) { test in
                var request = HTTPClientRequest(method: "POST", url: try test.url(), body: body)
                request.maxResponseBytes = body.count
                let response = try await test.client.send(request)
                XCTAssertTrue(response.body == body)
            }
        }
    }

    func testTwoHundredNewTLSConnectionsAtOnceAreAllAnswered() async throws {
        try await withServer(tls: true, handler: echo) { test in
            for _ in 1...3 {
                let accepted = test.server.counters.acceptedConnections
                try await withThrowingTaskGroup(of: String.self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            let client = HTTPClient(loop: test.loop, tls: try TestIdentity.root.client())
                            let body = Array("review \(number)".utf8)
                            return try await client.send(
                                HTTPClientRequest(method: "POST", url: try test.url(), body: body)
                            ).text
                        }
                    }
                    let texts = try await group.reduce(into: Set()) { $0.insert($1) }
                    XCTAssertEqual(texts, Set((0..<200).map { "review \($0)" }))
                }
                XCTAssertEqual(test.server.counters.acceptedConnections, accepted + 200)
            }
            XCTAssertEqual(test.server.counters.requests, 600)
        }
    }

    func testConnectionsAreDealtOutToAllLoops() async throws {
        try await withLoops(3) { loops in
            let server = HTTPServer(address: .loopback(port: 0), loops: Array(loops.suffix(2))) { _ in
                .text("\(loops.firstIndex { $0.isCurrent } ?? -1)")
            }
            let port = try server.start()
            let running = Task(executorPreference: loops[0]) { try await server.run() }
            let url = try HTTPURL(scheme: .http, host: "127.0.0.1", port: port)
            var seen: [String] = []
            for _ in 0..<4 {
                let client = HTTPClient(loop: loops[0])
                seen.append(try await client.send(HTTPClientRequest(url: url)).text)
            }
            XCTAssertEqual(seen, ["1", "2", "1", "2"])
            await server.shutdown(within: .seconds(10))
            try await running.value
        }
    }

    func testEachConnectionAsksForTheCertificate() async throws {
        try await withLoops(1) { loops in
            let asked = Gate<Void>()
            let context = try TestIdentity.root.leaf(["127.0.0.1"]).server()
            let other = try TestIdentity.root("Another root").leaf(["127.0.0.1"]).server()
            let isReloaded = Flag()
            let server = HTTPServer(
                address: .loopback(port: 0),
                loops: loops,
                tls: {
                    asked.open(())
                    return isReloaded.isSet ? other : context
                },
                handler: echo
            )
            let port = try server.start()
            async let running: Void = server.run()
            let url = try HTTPURL(scheme: .https, host: "127.0.0.1", port: port)
            let client = HTTPClient(loop: loops[0], tls: try TestIdentity.root.client())
            _ = try await client.send(HTTPClientRequest(url: url))
            isReloaded.set()
            // The connection that is open goes on with the old certificate.
            _ = try await client.send(HTTPClientRequest(url: url))
            client.close()
            do {
                _ = try await HTTPClient(loop: loops[0], tls: try TestIdentity.root.client())
                    .send(HTTPClientRequest(url: url))
                XCTFail("trusted another root")
            } catch HTTPClientError.connect(_, .tls(.untrustedPeer)) {
            }
            await server.shutdown(within: .seconds(10))
            try await running
        }
    }
}
