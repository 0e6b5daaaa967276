import GTokenNet
import XCTest

/// Every way in which a call can fail gives its descriptors back.
final class HTTPDescriptorTests: XCTestCase {
    private struct Failure {
        let name: String
        let call: @Sendable (HTTPClient, Servers) async throws -> Void
    }

    private struct Servers: Sendable {
        let server: TestServer
        /// Lets everybody connect, and says nothing.
        let silent: Listener

        func silentURL() throws -> HTTPURL {
            try HTTPURL(scheme: .https, host: "127.0.0.1", port: silent.port)
        }
    }

    func testFailedCallsLeakNoDescriptor() async throws {
        let failures: [Failure] = [
            Failure(name: "refused") { client, _ in
                _ = try await client.send(
                    HTTPClientRequest(url: try HTTPURL(scheme: .http, host: "127.0.0.1", port: 1))
                )
            },
            Failure(name: "no TLS") { client, servers in
                let url = try HTTPURL(scheme: .http, host: "127.0.0.1", port: servers.server.port)
                _ = try await client.send(HTTPClientRequest(url: url))
            },
            Failure(name: "untrusted") { _, servers in
                let root = try TestIdentity.root("Other root")
                let client = HTTPClient(loop: servers.server.loop, tls: try root.client())
                defer { client.close() }
                _ = try await client.send(HTTPClientRequest(url: try servers.server.url()))
            },
            Failure(name: "too large") { client, servers in
                var request = HTTPClientRequest(url: try servers.server.url())
                request.maxResponseBytes = 10
                _ = try await client.send(request)
            },
            Failure(name: "timed out") { client, servers in
                var request = HTTPClientRequest(url: try servers.silentURL())
                request.connectTimeout = .milliseconds(5)
                _ = try await client.send(request)
            },
            Failure(name: "cancelled") { client, servers in
                let request = HTTPClientRequest(url: try servers.silentURL())
                let call = Task(executorPreference: servers.server.loop) {
                    _ = try await client.send(request)
                }
                for _ in 0..<3 { await servers.server.loop.yield() }
                call.cancel()
                try await call.value
            },
        ]
        let large: HTTPServer.Handler = { _ in .text(String(repeating: "x", count: 100_000)) }
        try await withServer(tls: true, handler: large) { test in
            let silent = try Listener(address: .loopback(port: 0), loop: test.loop)
            defer { silent.close() }
            let servers = Servers(server: test, silent: silent)
            for failure in failures {
                var before = 0
                for round in 0..<20 {
                    let client = HTTPClient(loop: test.loop, tls: try TestIdentity.root.client())
                    do {
                        try await failure.call(client, servers)
                        XCTFail(failure.name)
                    } catch is HTTPClientError {
                    }
                    client.close()
                    while test.server.counters.openConnections > 0 { await test.loop.yield() }
                    if round == 1 { before = try Self.openDescriptors() }
                }
                XCTAssertEqual(try Self.openDescriptors(), before, failure.name)
            }
        }
    }

    private static func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
}
