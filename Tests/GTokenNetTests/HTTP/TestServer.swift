import GTokenNet
import XCTest

/// A server on a loop of its own, and what talks to it.
struct TestServer: Sendable {
    let server: HTTPServer
    let port: UInt16
    /// The loop of the test and its clients.
    let loop: EventLoop
    let client: HTTPClient
    let scheme: HTTPURL.Scheme

    func url(_ target: String = "/") throws -> HTTPURL {
        try HTTPURL(scheme: scheme, host: "127.0.0.1", port: port, target: target)
    }

    /// A bare connection, without TLS.
    func connect() async throws -> Connection {
        try await Connection.connect(to: [.loopback(port: port)], on: loop, deadline: .patient)
    }

    /// Waits until the server accepts no more.
    func waitUntilRefused() async {
        while let connection = try? await connect() {
            connection.close()
            await loop.yield()
        }
    }

    /// What a new connection answers to these bytes, up to its end.
    func answers(to text: String) async throws -> String {
        let connection = try await connect()
        defer { connection.close() }
        try await connection.write(Array(text.utf8), deadline: .patient)
        return String(decoding: try await connection.readToEnd(), as: UTF8.self)
    }
}

/// Runs `body` against a server, plain or with TLS; `isSharingLoop` puts client and server on one loop.
func withServer(
    tls isSecure: Bool = false,
    isSharingLoop: Bool = false,
    limits: HTTPServerLimits = HTTPServerLimits(),
    handler: @escaping HTTPServer.Handler,
    _ body: @escaping @Sendable (TestServer) async throws -> Void
) async throws {
    try await withLoops(isSharingLoop ? 1 : 2) { loops in
        try await runServer(tls: isSecure, loops: loops, limits: limits, handler: handler, body)
    }
}

private func runServer(
    tls isSecure: Bool,
    loops: [EventLoop],
    limits: HTTPServerLimits,
    handler: @escaping HTTPServer.Handler,
    _ body: @Sendable (TestServer) async throws -> Void
) async throws {
    let context = try TestIdentity.root.leaf(["127.0.0.1", "localhost"]).server()
    let contextSource: @Sendable () -> TLSServerContext = { context }
    let server = HTTPServer(
        address: .loopback(port: 0),
        loops: [loops[loops.count - 1]],
        tls: isSecure ? contextSource : nil,
        limits: limits,
        handler: handler
    )
    let port = try server.start()
    let client = HTTPClient(loop: loops[0], tls: try TestIdentity.root.client())
    defer { client.close() }
    let test = TestServer(
        server: server,
        port: port,
        loop: loops[0],
        client: client,
        scheme: isSecure ? .https : .http
    )
    let running = Task(executorPreference: loops[0]) { try await server.run() }
    do {
        try await body(test)
    } catch {
        running.cancel()
        throw error
    }
    await server.shutdown(within: .zero)
    try await running.value
    XCTAssertEqual(server.counters.openConnections, 0)
    XCTAssertEqual(server.counters.heldBodyBytes, 0)
}

/// Answers with the method, the target and the body.
let echo: HTTPServer.Handler = { request in
    HTTPResponse(
        status: 200,
        headers: ["X-Request": "\(request.method) \(request.target)"],
        body: request.body
    )
}
