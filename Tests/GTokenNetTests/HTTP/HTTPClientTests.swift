@testable import GTokenNet
import XCTest

final class HTTPClientTests: XCTestCase {
    func testWhatIsSent() async throws {
        let script: ScriptedServer.Script = { peer in
            while let request = try await peer.request() {
                try await peer.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)"
                )
            }
        }
        try await withScripts([script]) { client, server, _ in
            let request = HTTPClientRequest(
                url: try server.url("/a?b=c"),
                headers: ["Metadata-Flavor": "Google", "User-Agent": "test/1"]
            )
            let sent = try await client.send(request).text
            XCTAssertEqual(
                sent,
                "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nMetadata-Flavor: Google\r\n"
                    + "User-Agent: test/1\r\n\r\n"
            )
            let form = try await client.send(.post([:], to: try server.url("/"))).text
            XCTAssertTrue(form.contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n"), form)
            XCTAssertTrue(form.contains("\r\nContent-Length: 0\r\n"), form)
            XCTAssertTrue(form.contains("\r\nUser-Agent: gtoken/"), form)
        }
    }

    func testAnswersOfEveryFraming() async throws {
        let cases: [(String, String)] = [
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
                "hello"
            ),
            ("HTTP/1.1 200 OK\r\n\r\nhello", "hello"),
            ("HTTP/1.0 200 OK\r\n\r\nhello", "hello"),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"),
            ("HTTP/1.1 204 No Content\r\n\r\n", ""),
        ]
        for (text, expected) in cases {
            try await withScripts([answeringOnce(text)]) { client, server, _ in
                let response = try await client.send(HTTPClientRequest(url: try server.url()))
                XCTAssertEqual(response.text, expected, text)
            }
        }
    }

    func testConnectionsAreUsedAgainWhereTheAnswerAllowsIt() async throws {
        let cases: [(String, Int)] = [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 1),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 1),
            ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 1),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi", 3),
            ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 3),
            // Bytes behind the answer belong to nobody: they must not become the next one's.
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!", 3),
        ]
        for (text, connections) in cases {
            try await withScripts([answering(text)]) { client, server, _ in
                for _ in 1...3 {
                    _ = try await client.send(HTTPClientRequest(url: try server.url()))
                }
                XCTAssertEqual(server.accepted.count, connections, text)
            }
        }
    }

    func testAConnectionForOneRequestIsNotKept() async throws {
        let script: ScriptedServer.Script = { peer in
            while let request = try await peer.request() {
                try await peer.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)"
                )
            }
        }
        try await withScripts([script]) { client, server, _ in
            for count in 1...2 {
                var request = HTTPClientRequest(url: try server.url(), headers: ["User-Agent": "test/1"])
                request.keepsConnection = false
                let sent = try await client.send(request).text
                XCTAssertTrue(sent.hasSuffix("\r\nConnection: close\r\n\r\n"), sent)
                XCTAssertEqual(server.accepted.count, count)
            }
        }
    }

    func testARedirectIsAnAnswerLikeAnyOther() async throws {
        let text = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        try await withScripts([answering(text)]) { client, server, _ in
            let response = try await client.send(HTTPClientRequest(url: try server.url()))
            XCTAssertEqual(response.status, 302)
            XCTAssertEqual(response.headers["location"], "http://127.0.0.1:1/")
        }
    }

    func testAnswersThatEndEarlyOrAreNotHTTP() async throws {
        let cases: [(String, @Sendable (String) -> HTTPClientError)] = [
            ("", { .closedEarly(url: $0) }),
            ("HTTP/1.1 200 OK\r\nContent-", { .closedEarly(url: $0) }),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", { .closedEarly(url: $0) }),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                { .closedEarly(url: $0) }
            ),
            ("220 smtp.example.com\r\n", { .malformedResponse(url: $0, cause: .malformedStatusLine) }),
            ("HTTP/1.1 200 OK\n\n", { .malformedResponse(url: $0, cause: .malformedLineEnd) }),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
                { .malformedResponse(url: $0, cause: .malformedChunk) }
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!", { .responseTooLarge(url: $0, limit: 5) }),
            ("HTTP/1.1 200 OK\r\n\r\nhello!", { .responseTooLarge(url: $0, limit: 5) }),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n0\r\n\r\n",
                { .responseTooLarge(url: $0, limit: 5) }
            ),
        ]
        for (text, error) in cases {
            try await withScripts([answeringOnce(text)]) { client, server, _ in
                var request = HTTPClientRequest(url: try server.url("/path?token=secret"))
                request.maxResponseBytes = 5
                await assertThrows(error("http://127.0.0.1:\(server.port)/path")) {
                    try await client.send(request)
                }
            }
        }
    }

    func testARequestOverADeadConnectionIsSentAgainWhereItMay() async throws {
        let once = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
        // Answers the first request and closes on the second, without a byte.
        let dying: ScriptedServer.Script = { peer in
            _ = try await peer.request()
            try await peer.send(once + "ok")
            _ = try await peer.request()
        }
        let cases: [(String, Bool?, Bool)] = [
            ("GET", nil, true), ("DELETE", nil, true), ("GET", false, false), ("POST", nil, false),
            ("POST", true, true),
        ]
        for (method, isReplayable, isSentAgain) in cases {
            try await withScripts([dying, answering(once + "hi")]) { client, server, _ in
                var request = HTTPClientRequest(method: method, url: try server.url())
                request.isReplayable = isReplayable
                let first = try await client.send(request)
                XCTAssertEqual(first.text, "ok")
                if isSentAgain {
                    let second = try await client.send(request)
                    XCTAssertEqual(second.text, "hi")
                    XCTAssertEqual(server.accepted.count, 2)
                } else {
                    await assertThrows(.closedEarly(url: "\(request.url)")) { try await client.send(request) }
                    XCTAssertEqual(server.accepted.count, 1)
                }
            }
        }
    }

    func testARequestIsNotSentAgainOnceAnAnswerHasBegun() async throws {
        let dying: ScriptedServer.Script = { peer in
            _ = try await peer.request()
            try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            _ = try await peer.request()
            try await peer.send("H")
        }
        try await withScripts([dying]) { client, server, _ in
            let request = HTTPClientRequest(url: try server.url())
            _ = try await client.send(request)
            await assertThrows(.closedEarly(url: "\(request.url)")) { try await client.send(request) }
            XCTAssertEqual(server.accepted.count, 1)
        }
    }

    func testAFirstRequestIsNotSentAgain() async throws {
        let closing: ScriptedServer.Script = { peer in _ = try await peer.request() }
        try await withScripts([closing]) { client, server, _ in
            let request = HTTPClientRequest(url: try server.url())
            await assertThrows(.closedEarly(url: "\(request.url)")) { try await client.send(request) }
            XCTAssertEqual(server.accepted.count, 1)
        }
    }

    func testAConnectionThatTheServerClosedMeanwhileIsNotUsed() async throws {
        let isClosed = Gate<Void>()
        let first: ScriptedServer.Script = { peer in
            _ = try await peer.request()
            try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            peer.connection.close()
            isClosed.open(())
        }
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        try await withScripts([first, answering(text)]) { client, server, _ in
            _ = try await client.send(HTTPClientRequest(url: try server.url()))
            _ = await isClosed.wait()
            // A POST would not be sent again.
            let response = try await client.send(HTTPClientRequest(method: "POST", url: try server.url()))
            XCTAssertEqual(response.text, "hi")
        }
    }

    func testTimeouts() async throws {
        let silent: ScriptedServer.Script = { peer in _ = try await peer.connection.readToEnd() }
        let stalling: ScriptedServer.Script = { peer in
            _ = try await peer.request()
            try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")
            _ = try await peer.connection.readToEnd()
        }
        for script in [silent, stalling] {
            try await withScripts([script]) { client, server, _ in
                var request = HTTPClientRequest(url: try server.url())
                request.timeout = .milliseconds(30)
                await assertThrows(.timedOut(url: "\(request.url)", connecting: false)) {
                    try await client.send(request)
                }
                request.url = try HTTPURL(scheme: .https, host: "127.0.0.1", port: server.port)
                request.timeout = .seconds(30)
                request.connectTimeout = .milliseconds(30)
                await assertThrows(.timedOut(url: "\(request.url)", connecting: true)) {
                    try await client.send(request)
                }
            }
        }
    }

    func testCancellationEndsARequest() async throws {
        let isAsked = Gate<Void>()
        let silent: ScriptedServer.Script = { peer in
            _ = try await peer.request()
            isAsked.open(())
            _ = try await peer.connection.readToEnd()
        }
        try await withScripts([silent]) { client, server, loop in
            let request = HTTPClientRequest(url: try server.url())
            let task = Task(executorPreference: loop) { try await client.send(request) }
            _ = await isAsked.wait()
            task.cancel()
            await assertThrows(.cancelled(url: "\(request.url)")) { try await task.value }
        }
    }

    func testNobodyListening() async throws {
        try await withLoop { loop in
            let listener = try Listener(address: .loopback(port: 0), loop: loop)
            let port = listener.port
            listener.close()
            let url = try HTTPURL(scheme: .http, host: "127.0.0.1", port: port, target: "/?secret")
            do {
                _ = try await HTTPClient(loop: loop).send(HTTPClientRequest(url: url))
                XCTFail("answered")
            } catch let error as HTTPClientError {
                guard case .connect("http://127.0.0.1:\(port)/", .system("connect", _)) = error else {
                    return XCTFail("\(error)")
                }
                XCTAssertTrue(error.isTransient)
                XCTAssertFalse("\(error)".contains("secret"))
            }
        }
    }

    func testTheServersCertificateIsVerified() async throws {
        let context = try TestIdentity.root.leaf(["other.example"]).server()
        try await withLoop { loop in
            let server = HTTPServer(
                address: .loopback(port: 0),
                loops: [loop],
                tls: { context },
                handler: { _ in .text("hi") }
            )
            let port = try server.start()
            let running = Task(executorPreference: loop) { try await server.run() }
            let url = try HTTPURL(scheme: .https, host: "127.0.0.1", port: port)
            let request = HTTPClientRequest(url: url)
            await assertThrows(.noTrustedRoots(url: "\(url)")) {
                try await HTTPClient(loop: loop).send(request)
            }
            for roots in [TestIdentity.root, try TestIdentity.root("Another root")] {
                let client = HTTPClient(loop: loop, tls: try roots.client())
                do {
                    _ = try await client.send(request)
                    XCTFail("trusted")
                } catch HTTPClientError.connect(_, .tls(.untrustedPeer)) {
                }
            }
            await server.shutdown(within: .zero)
            try await running.value
        }
    }

    func testAMethodThatIsNoneIsNotSent() async throws {
        try await withLoop { loop in
            let url = try HTTPURL(parsing: "http://127.0.0.1:1/")
            for method in ["", "GET /", "G\r\nX: y", "CONNECT"] {
                await assertThrows(.invalidMethod(url: "\(url)")) {
                    try await HTTPClient(loop: loop).send(HTTPClientRequest(method: method, url: url))
                }
            }
        }
    }

    func testWhichErrorsAreTransient() {
        let url = "http://a/"
        let cases: [(HTTPClientError, Bool)] = [
            (.connect(url: url, cause: .timedOut), true),
            (.connect(url: url, cause: .tls(.untrustedPeer(reason: "x"))), false),
            (.exchange(url: url, cause: .tls(.truncated)), true),
            (.timedOut(url: url, connecting: true), true),
            (.closedEarly(url: url), true),
            (.proxyRefused(url: url, proxy: "p", status: 407), false),
            (.proxyRefused(url: url, proxy: "p", status: 502), true),
            (.malformedResponse(url: url, cause: .malformedField), false),
            (.responseTooLarge(url: url, limit: 1), false),
            (.noTrustedRoots(url: url), false),
            (.cancelled(url: url), false),
        ]
        for (error, expected) in cases { XCTAssertEqual(error.isTransient, expected, "\(error)") }
    }
}
