import GTokenNet

/// Two ends of one connection over 127.0.0.1, on the loop of the caller.
struct ConnectionPair: Sendable {
    let client: Connection
    let server: Connection

    init(on loop: EventLoop, serverLoop: EventLoop? = nil) async throws {
        let listener = try Listener(address: .loopback(port: 0), loop: loop)
        defer { listener.close() }
        client = try await Connection.connect(to: [listener.address], on: loop, deadline: .patient)
        server = Connection(accepted: try await listener.accept(), loop: serverLoop ?? loop)
    }

    func close() {
        client.close()
        server.close()
    }
}

extension Connection {
    /// Everything up to the end of the stream.
    func readToEnd(deadline: Deadline = .patient) async throws(NetError) -> [UInt8] {
        var bytes: [UInt8] = []
        while try await read(into: &bytes, deadline: deadline) > 0 {}
        return bytes
    }

    /// Exactly `count` bytes, less when the stream ends sooner.
    func read(count: Int, deadline: Deadline = .patient) async throws(NetError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard try await read(into: &bytes, atMost: count - bytes.count, deadline: deadline) > 0 else {
                break
            }
        }
        return bytes
    }
}
