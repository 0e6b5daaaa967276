import COpenSSL
import XCTest

@testable import GTokenNet

/// A peer whose records carry no plaintext, as many as the reader can take.
final class ConnectionTLSFloodTests: XCTestCase {
    func testAFloodOfKeyUpdatesDoesNotOutlastTheDeadline() async throws {
        try await withLoops(2) { loops in
            let pair = try await ConnectionPair(on: loops[0], serverLoop: loops[1])
            defer { pair.close() }
            let server = try TestIdentity.root.leaf().server()
            let serving = Task(executorPreference: loops[1]) {
                try await pair.server.startTLS(try TLSSession(server: server), deadline: .patient)
            }
            let session = try TLSSession(client: TestIdentity.root.client(), host: "hook.gtoken.svc")
            try await Self.shakeHands(session, over: pair.client)
            try await serving.value

            let flood = try Self.keyUpdates(50_000, of: session, SSL_KEY_UPDATE_NOT_REQUESTED)
            let flooding = Task(executorPreference: loops[0]) {
                try? await pair.client.write(flood, deadline: .patient)
            }
            let reading = Task(executorPreference: loops[1]) {
                try await pair.server.read(count: 1, deadline: .after(.milliseconds(20)))
            }
            await assertThrows(.timedOut) { try await reading.value }
            flooding.cancel()
            await flooding.value
        }
    }

    func testAPeerThatReadsNoAnswersIsLeft() async throws {
        try await withLoops(2) { loops in
            let listener = try Listener(address: .loopback(port: 0), loop: loops[0])
            defer { listener.close() }
            let client = try await Connection.connect(
                to: [listener.address],
                on: loops[0],
                deadline: .patient
            )
            defer { client.close() }
            let accepted = try await listener.accept()
            try accepted.descriptor.setOption(SOL_SOCKET, SO_SNDBUF, to: 4096)
            let connection = Connection(accepted: accepted, loop: loops[1])
            defer { connection.close() }
            let server = try TestIdentity.root.leaf().server()
            let serving = Task(executorPreference: loops[1]) {
                try await connection.startTLS(try TLSSession(server: server), deadline: .patient)
                return try await connection.read(count: 1)
            }
            let session = try TLSSession(client: TestIdentity.root.client(), host: "hook.gtoken.svc")
            try await Self.shakeHands(session, over: client)

            // Each asks for one in return (RFC 8446 section 4.6.3), as long as itself.
            let flood = try Self.keyUpdates(50_000, of: session, SSL_KEY_UPDATE_REQUESTED)
            let flooding = Task(executorPreference: loops[0]) {
                try? await client.write(flood, deadline: .patient)
            }
            await assertThrows(.tls(.protocolViolation(reason: "peer does not read"))) {
                try await serving.value
            }
            flooding.cancel()
            await flooding.value
        }
    }

    /// Makes a client's handshake by hand, so that the session can be used for more than data.
    private static func shakeHands(_ session: TLSSession, over connection: Connection) async throws {
        while true {
            let progress = try session.handshake()
            var output: [UInt8] = []
            session.takeOutput(into: &output)
            try await connection.write(output, deadline: .patient)
            if progress == .done { return }
            var input: [UInt8] = []
            _ = try await connection.read(into: &input, deadline: .patient)
            try session.receive(input.span)
        }
    }

    /// The records of so many key updates (RFC 8446 section 4.6.3), and the end of the stream behind them.
    private static func keyUpdates(_ count: Int, of session: TLSSession, _ kind: Int32) throws -> [UInt8] {
        var records: [UInt8] = []
        for _ in 0..<count {
            XCTAssertEqual(unsafe SSL_key_update(session.pointer, kind), 1)
            XCTAssertEqual(try session.handshake(), .done)
            session.takeOutput(into: &records)
        }
        session.closeNotify()
        session.takeOutput(into: &records)
        return records
    }
}
