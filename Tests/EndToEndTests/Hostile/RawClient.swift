import GTokenNet

/// A client of the webhook that sends what it likes.
struct RawClient: Sendable {
    let port: UInt16
    let loop: EventLoop
    let trust: TLSClientContext

    private var patience: Deadline { .after(.seconds(60)) }

    /// A TCP connection on which nothing has been sent.
    func connect() async throws -> Connection {
        try await Connection.connect(to: [.loopback(port: port)], on: loop, deadline: patience)
    }

    /// A TLS connection on which nothing has been sent.
    func connectTLS() async throws -> Connection {
        let connection = try await connect()
        let session = try TLSSession(client: trust, host: "127.0.0.1")
        try await connection.startTLS(session, deadline: patience)
        return connection
    }

    /// What comes back for these bytes until the webhook closes the connection, of which this client ends its side.
    func answer(to bytes: [UInt8], tls: Bool = true) async throws -> [UInt8] {
        let connection = try await tls ? connectTLS() : connect()
        defer { connection.close() }
        // The webhook may have closed before it had everything.
        try? await connection.write(bytes, deadline: patience)
        try? await connection.finishWriting(deadline: patience)
        return await rest(of: connection)
    }

    /// The same as text.
    func answer(to text: String) async throws -> String {
        String(decoding: try await answer(to: Array(text.utf8)), as: UTF8.self)
    }

    /// Everything that comes until the connection ends, in order or not.
    func rest(of connection: Connection) async -> [UInt8] {
        var bytes: [UInt8] = []
        let deadline = patience
        do {
            while try await connection.read(into: &bytes, deadline: deadline) > 0 {}
        } catch NetError.timedOut {
            bytes += Array("(not closed)".utf8)
        } catch {}
        return bytes
    }

    /// What comes first, up to `count` bytes.
    func beginning(_ count: Int, of connection: Connection) async throws -> String {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let read = try await connection.read(
                into: &bytes,
                atMost: count - bytes.count,
                deadline: patience
            )
            if read == 0 { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
