import GTokenNet
import XCTest

final class HTTPProxyTests: XCTestCase {
    func testHTTPSGoesThroughATunnel() async throws {
        let seen = Seen()
        let tunnel: ScriptedServer.Script = { peer in
            guard let request = try await peer.request() else { return }
            seen.note(request)
            let port = try XCTUnwrap(
                UInt16(request.prefix { $0 != "\r\n" }.split(separator: " ")[1].split(separator: ":")[1])
            )
            let loop = peer.connection.loop
            let target = try await Connection.connect(
                to: [.loopback(port: port)],
                on: loop,
                deadline: .patient
            )
            try await peer.send("HTTP/1.1 200 Connection established\r\n\r\n")
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await relay(from: peer.connection, to: target) }
                group.addTask { await relay(from: target, to: peer.connection) }
            }
        }
        // `localhost` never goes through a proxy, so the server has another name.
        let context = try TestIdentity.root.leaf(["secure.example"]).server()
        try await withScripts([tunnel], proxies: proxied) { client, proxy, loop in
            let server = HTTPServer(
                address: .loopback(port: 0),
                loops: [loop],
                tls: { context },
                handler: { .text("\($0)") }
            )
            let port = try server.start()
            let running = Task(executorPreference: loop) { try await server.run() }
            let url = try HTTPURL(scheme: .https, host: "secure.example.", port: port, target: "/x?y")
            for _ in 1...2 {
                let response = try await client.send(HTTPClientRequest(url: url))
                XCTAssertEqual(response.text, "GET /x (2 fields, 0 bytes)")
            }
            XCTAssertEqual(
                seen.requests,
                [
                    "CONNECT secure.example:\(port) HTTP/1.1\r\nHost: secure.example:\(port)\r\n"
                        + "Proxy-Authorization: Basic dXNlcjpwOnM=\r\n\r\n"
                ]
            )
            XCTAssertEqual(proxy.accepted.count, 1)
            client.close()
            await server.shutdown(within: .seconds(30))
            try await running.value
        }
    }

    func testHTTPTellsTheProxyTheWholeURL() async throws {
        let seen = Seen()
        let proxy: ScriptedServer.Script = { peer in
            while let request = try await peer.request() {
                seen.note(request)
                try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        try await withScripts([proxy], proxies: proxied) { client, _, _ in
            let url = try HTTPURL(parsing: "http://plain.example:8080/x?y")
            _ = try await client.send(HTTPClientRequest(url: url, headers: ["User-Agent": "t"]))
            XCTAssertEqual(
                seen.requests,
                [
                    "GET http://plain.example:8080/x?y HTTP/1.1\r\nHost: plain.example:8080\r\nUser-Agent: t\r\n"
                        + "Proxy-Authorization: Basic dXNlcjpwOnM=\r\n\r\n"
                ]
            )
        }
    }

    func testAProxyThatRefuses() async throws {
        let cases: [(String, @Sendable (String, String) -> HTTPClientError)] = [
            (
                "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 7\r\n\r\nno way!",
                { .proxyRefused(url: $0, proxy: $1, status: 407) }
            ),
            ("HTTP/1.1 503 No\r\n\r\n", { .proxyRefused(url: $0, proxy: $1, status: 503) }),
            (
                "HTTP/1.1 200 OK\r\n\r\nearly",
                { url, _ in .malformedResponse(url: url, cause: .malformedStatusLine) }
            ),
            ("", { url, _ in .closedEarly(url: url) }),
            ("hello\r\n", { url, _ in .malformedResponse(url: url, cause: .malformedStatusLine) }),
        ]
        for (text, expected) in cases {
            try await withScripts([answeringOnce(text)], proxies: proxied) { client, proxy, _ in
                let url = try HTTPURL(parsing: "https://secure.example/x?secret")
                await assertThrows(expected("https://secure.example/x", "127.0.0.1:\(proxy.port)")) {
                    try await client.send(HTTPClientRequest(url: url))
                }
            }
        }
    }

    func testARequestMayOptOut() async throws {
        try await withScripts([answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")], proxies: proxied) {
            client,
            proxy,
            _ in
            var request = HTTPClientRequest(
                url: try HTTPURL(parsing: "http://[::ffff:7f00:1]:\(proxy.port)/")
            )
            request.usesProxy = false
            _ = try await client.send(request)
            // The same host through the proxy would not share the connection.
            XCTAssertEqual(proxy.accepted.count, 1)
        }
    }
}

/// The scripted server as the proxy for everything, with a user and a password that holds a colon.
private func proxied(_ server: ScriptedServer) throws -> ProxySettings {
    let proxy = "http://user:p%3As@127.0.0.1:\(server.port)"
    return try ProxySettings(environment: ["HTTP_PROXY": proxy, "HTTPS_PROXY": proxy])
}

private func relay(from source: Connection, to sink: Connection) async {
    var bytes: [UInt8] = []
    while let count = try? await source.read(into: &bytes, deadline: .patient), count > 0 {
        try? await sink.write(bytes, deadline: .patient)
        bytes.removeAll()
    }
    sink.close()
}
