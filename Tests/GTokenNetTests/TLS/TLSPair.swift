import XCTest

@testable import GTokenNet

/// A client and a server whose bytes go from one to the other in memory.
struct TLSPair {
    let client: TLSSession
    let server: TLSSession

    init(client: TLSClientContext, host: String = "hook.gtoken.svc", server: TLSServerContext) throws {
        self.client = try TLSSession(client: client, host: host)
        self.server = try TLSSession(server: server)
    }

    /// A pair of one root's making.
    init(root: TestIdentity = .root) throws {
        try self.init(client: root.client(), server: root.leaf().server())
    }

    /// Brings the handshake to its end on both sides; throws what the side that fails first throws.
    func handshake(chunk: Int = .max) throws {
        for _ in 0..<10 {
            let clientIsDone = try client.handshake() == .done
            try carry(from: client, to: server, chunk: chunk) { _ = try server.handshake() }
            let serverIsDone = try server.handshake() == .done
            try carry(from: server, to: client, chunk: chunk) { _ = try client.handshake() }
            if clientIsDone, serverIsDone { return }
        }
        XCTFail("no handshake in ten rounds")
    }

    /// The error of each side when the handshake is driven until both have one or none makes progress.
    func failedHandshake() -> (client: TLSError?, server: TLSError?) {
        var errors: (client: TLSError?, server: TLSError?)
        for _ in 0..<5 {
            do throws(TLSError) { _ = try client.handshake() } catch { errors.client = error }
            _ = try? carry(from: client, to: server)
            do throws(TLSError) { _ = try server.handshake() } catch { errors.server = error }
            _ = try? carry(from: server, to: client)
        }
        // In TLS 1.3 the client is done before the server has refused it.
        var rest: [UInt8] = []
        if errors.server == nil {
            do throws(TLSError) { _ = try server.read(into: &rest, atMost: 1) } catch {
                errors.server = error
            }
        }
        return errors
    }

    /// Carries what one side has to send, in chunks, calling back after each.
    @discardableResult
    func carry(
        from sender: TLSSession,
        to receiver: TLSSession,
        chunk: Int = .max,
        after: () throws -> Void = {}
    ) throws -> Int {
        var bytes: [UInt8] = []
        sender.takeOutput(into: &bytes)
        var start = 0
        while start < bytes.count {
            let end = start + min(chunk, bytes.count - start)
            try receiver.receive(bytes.span.extracting(start..<end))
            try after()
            start = end
        }
        return bytes.count
    }

    /// Writes on one side and reads all of it on the other.
    func send(
        _ plaintext: [UInt8],
        from sender: TLSSession,
        to receiver: TLSSession,
        chunk: Int = .max
    ) throws -> [UInt8] {
        var received: [UInt8] = []
        try sender.write(plaintext.span)
        try carry(from: sender, to: receiver, chunk: chunk) {
            while case .bytes = try receiver.read(into: &received, atMost: .max) {}
        }
        return received
    }
}
