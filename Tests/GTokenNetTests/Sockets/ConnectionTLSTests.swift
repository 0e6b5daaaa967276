import GTokenNet
import XCTest

/// TLS over real sockets; the protocol itself is tested in memory.
final class ConnectionTLSTests: XCTestCase {
    private struct Pair: Sendable {
        let plain: ConnectionPair
        let authority: CertificateAuthority

        init(on loop: EventLoop) async throws {
            plain = try await ConnectionPair(on: loop)
            authority = try CertificateAuthority.create(commonName: "Test", validFor: .seconds(600))
        }

        func serve(deadline: Deadline = .patient) async throws {
            let issued = try authority.issueServerCertificate(
                dnsNames: ["hook.test"],
                validFor: .seconds(600)
            )
            let context = try TLSServerContext(
                certificateChainPEM: issued.certificatePEM,
                privateKeyPEM: issued.privateKeyPEM
            )
            try await plain.server.startTLS(try TLSSession(server: context), deadline: deadline)
        }

        func call(_ host: String = "hook.test", deadline: Deadline = .patient) async throws {
            let context = try TLSClientContext(trustedRootsPEM: authority.certificatePEM)
            try await plain.client.startTLS(
                try TLSSession(client: context, host: host),
                deadline: deadline
            )
        }

        func handshake() async throws {
            async let served: Void = serve()
            async let called: Void = call()
            _ = try await (served, called)
        }
    }

    func testEchoesOverTLS() async throws {
        try await withLoop { loop in
            let pair = try await Pair(on: loop)
            defer { pair.plain.close() }
            try await pair.handshake()
            try await pair.plain.client.write(Array("hello".utf8), deadline: .patient)
            let received = try await pair.plain.server.read(count: 5)
            try await pair.plain.server.write(received, deadline: .patient)
            let echoed = try await pair.plain.client.read(count: 5)
            XCTAssertEqual(String(decoding: echoed, as: UTF8.self), "hello")
        }
    }

    func testClosingEndsTheStreamCleanly() async throws {
        try await withLoop { loop in
            let pair = try await Pair(on: loop)
            defer { pair.plain.close() }
            try await pair.handshake()
            try await pair.plain.server.write(Array("bye".utf8), deadline: .patient)
            pair.plain.server.close()
            let received = try await pair.plain.client.readToEnd()
            XCTAssertEqual(String(decoding: received, as: UTF8.self), "bye")
        }
    }

    func testAStreamWithoutCloseNotifyIsTruncated() async throws {
        try await withLoop { loop in
            let pair = try await Pair(on: loop)
            defer { pair.plain.close() }
            // A server that goes away in the middle of the handshake says nothing.
            try await pair.plain.server.finishWriting(deadline: .patient)
            await assertThrows(.tls(.truncated)) { try await pair.call() }
        }
    }

    func testHalfCloseEndsOneDirectionAlone() async throws {
        try await withLoop { loop in
            let pair = try await Pair(on: loop)
            defer { pair.plain.close() }
            try await pair.handshake()
            try await pair.plain.client.write(Array("question".utf8), deadline: .patient)
            try await pair.plain.client.finishWriting(deadline: .patient)
            let question = try await pair.plain.server.readToEnd()
            XCTAssertEqual(String(decoding: question, as: UTF8.self), "question")
            try await pair.plain.server.write(Array("answer".utf8), deadline: .patient)
            await pair.plain.server.closeGracefully(deadline: .patient)
            let answer = try await pair.plain.client.readToEnd()
            XCTAssertEqual(String(decoding: answer, as: UTF8.self), "answer")
        }
    }

    func testBothSidesLearnThatTheNameIsAnother() async throws {
        try await withLoop { loop in
            let pair = try await Pair(on: loop)
            defer { pair.plain.close() }
            async let served: Void = pair.serve()
            await assertThrows(.tls(.untrustedPeer(reason: "hostname mismatch"))) {
                try await pair.call("other.test")
            }
            do {
                try await served
                // TLS 1.3: the server is done before the client has verified, and reads the alert.
                _ = try await pair.plain.server.read(count: 1)
                XCTFail("the server was not told")
            } catch {
                guard case .tls(.peerAlert) = error as? NetError else { return XCTFail("\(error)") }
            }
        }
    }

    func testAPeerThatDoesNotSpeakTLSIsRefused() async throws {
        try await withLoop { loop in
            let pair = try await Pair(on: loop)
            defer { pair.plain.close() }
            try await pair.plain.client.write(Array("GET / HTTP/1.1\r\n\r\n".utf8), deadline: .patient)
            do {
                try await pair.serve()
                XCTFail("a handshake without TLS")
            } catch {
                guard case .tls(.protocolViolation) = error as? NetError else { return XCTFail("\(error)") }
            }
        }
    }

    func testHandshakeHasADeadline() async throws {
        try await withLoop { loop in
            let pair = try await Pair(on: loop)
            defer { pair.plain.close() }
            await assertThrows(.timedOut) { try await pair.serve(deadline: .after(.milliseconds(5))) }
        }
    }

    func testCarriesALargeTransferBothWaysAtOnce() async throws {
        try await withLoop { loop in
            let pair = try await Pair(on: loop)
            defer { pair.plain.close() }
            try await pair.handshake()
            try await assertTransfersBothWays(pair.plain)
        }
    }
}
