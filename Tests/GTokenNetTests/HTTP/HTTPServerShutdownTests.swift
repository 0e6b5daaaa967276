@testable import GTokenNet
import GTokenRuntime
import XCTest

final class HTTPServerShutdownTests: XCTestCase {
    func testIdleConnectionsAreClosedPromptly() async throws {
        var limits = HTTPServerLimits()
        // What the connection has that never speaks TLS.
        limits.handshakeTimeout = .milliseconds(100)
        for tls in [false, true] {
            try await withServer(tls: tls, limits: limits, handler: echo) { test in
                _ = try await test.client.send(HTTPClientRequest(url: try test.url()))
                let silent = try await test.connect()
                while test.server.counters.acceptedConnections < 2 { await test.loop.yield() }
                let start = ContinuousClock.now
                await test.server.shutdown(within: .seconds(60))
                XCTAssertLessThan(ContinuousClock.now - start, .seconds(10))
                XCTAssertEqual(test.server.counters.openConnections, 0)
                silent.close()
            }
        }
    }

    func testARequestInFlightIsAnsweredWithConnectionClose() async throws {
        let isAsked = Gate<Void>()
        let mayAnswer = Gate<Void>()
        let handler: HTTPServer.Handler = { _ in
            isAsked.open(())
            _ = await mayAnswer.wait()
            return .text("done")
        }
        try await withServer(handler: handler) { test in
            async let answer = test.client.send(HTTPClientRequest(url: try test.url()))
            _ = await isAsked.wait()
            async let shutdown: Void = test.server.shutdown(within: .seconds(60))
            await test.waitUntilRefused()
            mayAnswer.open(())
            let response = try await answer
            XCTAssertEqual(response.text, "done")
            XCTAssertEqual(response.headers["Connection"], "close")
            await shutdown
        }
    }

    func testARequestThatIsStillArrivingIsAnswered() async throws {
        try await withServer(handler: echo) { test in
            let connection = try await test.connect()
            defer { connection.close() }
            let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n"
            try await connection.write(Array(head.utf8), deadline: .patient)
            _ = try await connection.read(count: "HTTP/1.1 100 Continue\r\n\r\n".utf8.count)
            async let shutdown: Void = test.server.shutdown(within: .seconds(60))
            await test.waitUntilRefused()
            try await connection.write(Array("0123456789".utf8), deadline: .patient)
            let answer = String(decoding: try await connection.readToEnd(), as: UTF8.self)
            XCTAssertTrue(answer.hasSuffix("Connection: close\r\n\r\n0123456789"), answer)
            connection.close()
            await shutdown
        }
    }

    func testARequestThatArrivesWhileItsConnectionIsInterruptedIsAnswered() async throws {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
        var limits = HTTPServerLimits()
        limits.readBytes = (head + "0\r\n\r\n").utf8.count
        // A connection lets others have their turn before its 33rd read or write: after 16 requests.
        let asked = Tally()
        let running = Gate<Void>()
        // Not the gate's value: the server would hold it, and it the server, for ever.
        let current = Locked<TestServer?>(nil)
        let handler: HTTPServer.Handler = { request in
            asked.add()
            if asked.count == 16, await running.wait() != nil, let test = current.withLock({ $0 }) {
                Task(executorPreference: test.loop) { await test.server.shutdown(within: .seconds(60)) }
            }
            return HTTPResponse(status: 200, headers: [:], body: request.body)
        }
        try await withServer(isSharingLoop: true, limits: limits, handler: handler) { test in
            current.withLock { $0 = test }
            defer { current.withLock { $0 = nil } }
            running.open(())
            let connection = try await test.connect()
            defer { connection.close() }
            let requests = String(repeating: head + "0\r\n\r\n", count: 16) + head + "5\r\n\r\n"
            try await connection.write(Array(requests.utf8), deadline: .patient)
            await test.waitUntilRefused()
            try await connection.write(Array("hello".utf8), deadline: .patient)
            let answers = String(decoding: try await connection.readToEnd(), as: UTF8.self)
            XCTAssertEqual(answers.components(separatedBy: "200 OK").count, 18, answers)
            XCTAssertTrue(answers.hasSuffix("Connection: close\r\n\r\nhello"), answers)
        }
    }

    func testNothingIsLostUnderLoad() async throws {
        for tls in [false, true] {
            try await withServer(tls: tls, isSharingLoop: true, handler: echo) { test in
                let url = try test.url()
                let answered = Tally()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            let client = HTTPClient(loop: test.loop, tls: try TestIdentity.root.client())
                            while true {
                                let body = Array("\(number)".utf8)
                                let response: HTTPResponse
                                do {
                                    response = try await client.send(
                                        HTTPClientRequest(method: "POST", url: url, body: body)
                                    )
                                } catch HTTPClientError.connect(_, .system) {
                                    return
                                }
                                XCTAssertEqual(response.body, body)
                                answered.add()
                            }
                        }
                    }
                    group.addTask {
                        while answered.count < 500 { await test.loop.yield() }
                        await test.server.shutdown(within: .seconds(60))
                    }
                    try await group.waitForAll()
                }
                XCTAssertEqual(test.server.counters.requests, answered.count)
            }
        }
    }

    func testPipelinedRequestsThatHaveArrivedAreAnswered() async throws {
        let isAsked = Gate<Void>()
        let mayAnswer = Gate<Void>()
        let handler: HTTPServer.Handler = { request in
            isAsked.open(())
            _ = await mayAnswer.wait()
            return .text(request.target)
        }
        try await withServer(handler: handler) { test in
            let connection = try await test.connect()
            let text = (1...3).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
            try await connection.write(Array(text.utf8), deadline: .patient)
            _ = await isAsked.wait()
            async let shutdown: Void = test.server.shutdown(within: .seconds(60))
            await test.waitUntilRefused()
            mayAnswer.open(())
            let answers = String(decoding: try await connection.readToEnd(), as: UTF8.self)
            XCTAssertEqual(answers.components(separatedBy: "200 OK").count, 4, answers)
            XCTAssertEqual(answers.components(separatedBy: "Connection: close").count, 2, answers)
            connection.close()
            await shutdown
        }
    }

    func testAHandlerThatTakesTooLongIsCancelled() async throws {
        let isAsked = Gate<Void>()
        let never = Gate<Void>()
        let handler: HTTPServer.Handler = { _ in
            isAsked.open(())
            let outcome: Void? = await never.wait()
            return .text(outcome == nil ? "cancelled" : "done")
        }
        try await withServer(handler: handler) { test in
            async let answer = test.client.send(HTTPClientRequest(url: try test.url()))
            _ = await isAsked.wait()
            await test.server.shutdown(within: .milliseconds(50))
            do {
                _ = try await answer
                XCTFail("answered after all")
            } catch HTTPClientError.closedEarly {
            }
        }
    }

    func testCancellingTheServersTaskEndsItAtOnce() async throws {
        try await withLoop { loop in
            let isAsked = Gate<Void>()
            let never = Gate<Void>()
            let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { _ in
                isAsked.open(())
                _ = await never.wait()
                return .text("done")
            }
            let port = try server.start()
            let running = Task(executorPreference: loop) { try await server.run() }
            let client = HTTPClient(loop: loop)
            async let answer = client.send(
                HTTPClientRequest(url: try HTTPURL(scheme: .http, host: "127.0.0.1", port: port))
            )
            _ = await isAsked.wait()
            running.cancel()
            try await running.value
            XCTAssertEqual(server.counters.openConnections, 0)
            _ = try? await answer
        }
    }

    func testShutdownOfAServerThatNeverRanReturns() async throws {
        try await withLoop { loop in
            let server = HTTPServer(address: .loopback(port: 0), loops: [loop], handler: echo)
            await server.shutdown(within: .seconds(60))
        }
    }
}
