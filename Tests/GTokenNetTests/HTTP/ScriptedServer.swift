import GTokenNet
import XCTest

/// A server that sends what a test tells it to, good HTTP or not.
///
/// Each accepted connection is played the next script; the last one stays for all that follow.
final class ScriptedServer: Sendable {
    /// What happens on one connection; the connection is closed behind it.
    typealias Script = @Sendable (Peer) async throws -> Void

    /// The server's end of a connection.
    struct Peer: Sendable {
        let connection: Connection

        /// Waits for a request's head and hands it out; nil when the client leaves instead.
        ///
        /// Bodies are not read.
        func request() async throws -> String? {
            var bytes: [UInt8] = []
            while !bytes.ends(with: "\r\n\r\n") {
                let count = try await connection.read(into: &bytes, atMost: 1, deadline: .patient)
                if count == 0 { return nil }
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        func send(_ text: String) async throws {
            try await connection.write(Array(text.utf8), deadline: .patient)
        }
    }

    let port: UInt16
    let accepted = Tally()
    private let listener: Listener

    init(on loop: EventLoop) throws {
        listener = try Listener(address: .loopback(port: 0), loop: loop)
        port = listener.port
    }

    func url(_ target: String = "/") throws -> HTTPURL {
        try HTTPURL(scheme: .http, host: "127.0.0.1", port: port, target: target)
    }

    func close() {
        listener.close()
    }

    func run(_ scripts: [Script], on loop: EventLoop) async {
        await withDiscardingTaskGroup { group in
            while let socket = try? await listener.accept() {
                let peer = Peer(connection: Connection(accepted: socket, loop: loop))
                let script = scripts[min(accepted.count, scripts.count - 1)]
                accepted.add()
                group.addTask {
                    try? await script(peer)
                    peer.connection.close()
                }
            }
            group.cancelAll()
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool {
        suffix(text.utf8.count).elementsEqual(text.utf8)
    }
}

/// Runs `body` with a client and a server that plays the scripts.
func withScripts(
    _ scripts: [ScriptedServer.Script],
    proxies: @escaping @Sendable (ScriptedServer) throws -> ProxySettings = { _ in .none },
    _ body: @Sendable (HTTPClient, ScriptedServer, EventLoop) async throws -> Void
) async throws {
    try await withLoop { loop in
        let server = try ScriptedServer(on: loop)
        let client = HTTPClient(loop: loop, tls: try TestIdentity.root.client(), proxies: try proxies(server))
        defer { client.close() }
        async let running: Void = server.run(scripts, on: loop)
        defer { server.close() }
        try await body(client, server, loop)
        server.close()
        client.close()
        await running
    }
}

/// A script that answers every request with this text, and closes when the client does.
func answering(_ text: String) -> ScriptedServer.Script {
    { peer in
        while try await peer.request() != nil { try await peer.send(text) }
    }
}

/// A script that answers one request with this text and closes.
func answeringOnce(_ text: String) -> ScriptedServer.Script {
    { peer in
        _ = try await peer.request()
        try await peer.send(text)
        try await peer.connection.finishWriting(deadline: .patient)
        _ = try await peer.connection.readToEnd()
    }
}

/// Checks that `body` throws exactly this error.
func assertThrows<Success>(
    _ expected: HTTPClientError,
    file: StaticString = #filePath,
    line: UInt = #line,
    _ body: () async throws -> Success
) async {
    do {
        _ = try await body()
        XCTFail("did not throw \(expected)", file: file, line: line)
    } catch {
        XCTAssertEqual(error as? HTTPClientError, expected, file: file, line: line)
    }
}
