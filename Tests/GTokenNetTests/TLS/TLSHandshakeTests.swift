import COpenSSL
import XCTest

@testable import GTokenNet

final class TLSHandshakeTests: XCTestCase {
    func testAgreesOnTheNewestVersionWithEitherKeyKind() throws {
        for kind in [TestIdentity.KeyKind.p256, .rsa2048] {
            let pair = try TLSPair(
                client: TestIdentity.root.client(),
                server: TestIdentity.root.leaf(kind: kind).server()
            )
            try pair.handshake()
            XCTAssertEqual(pair.client.version, .v1_3)
            XCTAssertEqual(pair.server.version, .v1_3)
            XCTAssertEqual(try pair.send([1, 2, 3], from: pair.client, to: pair.server), [1, 2, 3])
            XCTAssertEqual(try pair.send([4, 5], from: pair.server, to: pair.client), [4, 5])
        }
    }

    func testServesAClientThatStopsAtTLS12WithEitherKeyKind() throws {
        for kind in [TestIdentity.KeyKind.p256, .rsa2048] {
            let pair = try TLSPair(
                client: TestIdentity.root.client(),
                server: TestIdentity.root.leaf(kind: kind).server()
            )
            pair.client.allowOnly(TLS1_2_VERSION)
            try pair.handshake()
            XCTAssertEqual(pair.client.version, .v1_2)
            XCTAssertEqual(pair.server.version, .v1_2)
            XCTAssertEqual(try pair.send([1, 2, 3], from: pair.client, to: pair.server), [1, 2, 3])
            XCTAssertEqual(try pair.send([4, 5], from: pair.server, to: pair.client), [4, 5])
        }
    }

    func testRefusesATLS12ClientWhereTLS13IsTheMinimum() throws {
        let pair = try TLSPair(
            client: TestIdentity.root.client(),
            server: TestIdentity.root.leaf().server(minimumVersion: .v1_3)
        )
        pair.client.allowOnly(TLS1_2_VERSION)
        let errors = pair.failedHandshake()
        XCTAssertEqual(errors.server, .protocolViolation(reason: "unsupported protocol"))
        XCTAssertEqual(errors.client, .peerAlert(code: 70))
    }

    func testRefusesAClientHelloOfTLS11WithTheProtocolVersionAlert() throws {
        let server = try TLSSession(server: TestIdentity.root.leaf().server())
        // RFC 4346: version 3.2, random, no session, ECDHE-ECDSA-AES128-SHA, no compression.
        let body: [UInt8] = [3, 2] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0xC0, 0x09, 1, 0]
        let hello: [UInt8] = [1, 0, 0, UInt8(body.count)] + body
        let record: [UInt8] = [22, 3, 1, 0, UInt8(hello.count)] + hello
        try server.receive(record.span)
        XCTAssertThrowsError(try server.handshake()) {
            XCTAssertEqual($0 as? TLSError, .protocolViolation(reason: "unsupported protocol"))
        }
        var output: [UInt8] = []
        server.takeOutput(into: &output)
        XCTAssertEqual(output.suffix(2), [2, 70])
    }

    func testHandshakesOneByteAtATime() throws {
        for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
            let pair = try TLSPair()
            pair.client.allowOnly(version)
            try pair.handshake(chunk: 1)
            let text = Array("fragmented".utf8)
            XCTAssertEqual(try pair.send(text, from: pair.client, to: pair.server, chunk: 1), text)
            XCTAssertEqual(try pair.send(text, from: pair.server, to: pair.client, chunk: 1), text)
        }
    }

    func testChoosesHTTP11WhenItIsOfferedAndGoesOnWithoutALPNOtherwise() throws {
        let cases: [(offered: [String], served: [String], chosen: String?)] = [
            (["http/1.1"], ["http/1.1"], "http/1.1"),
            (["h2", "http/1.1"], ["http/1.1"], "http/1.1"),
            (["h2"], ["http/1.1"], nil),
            ([], ["http/1.1"], nil),
            (["http/1.1"], [], nil),
            (["a", "b"], ["b", "a"], "b"),
        ]
        let leaf = try TestIdentity.root.leaf()
        for (offered, served, chosen) in cases {
            let pair = try TLSPair(
                client: TestIdentity.root.client(alpn: offered),
                server: leaf.server(alpn: served)
            )
            try pair.handshake()
            XCTAssertEqual(pair.client.applicationProtocol, chosen, "\(offered)")
            XCTAssertEqual(pair.server.applicationProtocol, chosen, "\(offered)")
            XCTAssertEqual(try pair.send([1], from: pair.client, to: pair.server), [1])
        }
    }

    func testSessionsOfOneContextRunOnSeveralThreadsAtOnce() async throws {
        let client = try TestIdentity.root.client()
        let server = try TestIdentity.root.leaf().server()
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<10 {
                        let pair = try TLSPair(client: client, server: server)
                        try pair.handshake()
                        XCTAssertEqual(try pair.send([1], from: pair.client, to: pair.server), [1])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    func testResumesNoSession() throws {
        for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
            let leaf = try TestIdentity.root.leaf()
            let first = try TLSPair(client: TestIdentity.root.client(), server: leaf.server())
            first.client.allowOnly(version)
            try first.handshake()
            _ = try first.send([1], from: first.server, to: first.client)
            let session = unsafe SSL_get1_session(first.client.pointer)
            defer { unsafe SSL_SESSION_free(session) }
            XCTAssertEqual(unsafe SSL_SESSION_is_resumable(session), 0, "version \(version)")
        }
    }

    func testARenegotiationThatAClientAsksForIsDeclinedAndChangesNothing() throws {
        let pair = try TLSPair()
        pair.client.allowOnly(TLS1_2_VERSION)
        try pair.handshake()
        // SSL_OP_NO_RENEGOTIATION, which is a macro with a cast in it.
        unsafe SSL_clear_options(pair.client.pointer, 1 << 30)
        XCTAssertEqual(unsafe SSL_renegotiate(pair.client.pointer), 1)
        XCTAssertEqual(try pair.client.handshake(), .needsInput)
        XCTAssertGreaterThan(try pair.carry(from: pair.client, to: pair.server), 0)
        var received: [UInt8] = []
        XCTAssertEqual(try pair.server.read(into: &received, atMost: 100), .needsInput)
        XCTAssertEqual(received, [])
        var answer: [UInt8] = []
        pair.server.takeOutput(into: &answer)
        XCTAssertEqual(answer.first, 21, "an alert record")
        XCTAssertNoThrow(try pair.server.write([1, 2, 3].span))
    }

    func testTellsAPlainHTTPRequest() throws {
        let server = try TLSSession(server: TestIdentity.root.leaf().server())
        try server.receive(Array("GET /healthz HTTP/1.1\r\n\r\n".utf8).span)
        XCTAssertThrowsError(try server.handshake()) {
            XCTAssertEqual($0 as? TLSError, .protocolViolation(reason: "http request"))
        }
    }

    func testGarbageEndsTheSessionWithOneErrorForGood() throws {
        var generator = SystemRandomNumberGenerator()
        let inputs: [[UInt8]] = [
            [UInt8](repeating: 0, count: 64),
            [UInt8](repeating: 0xFF, count: 70_000),
            // A record longer than RFC 8446 section 5.1 allows.
            [22, 3, 1, 0x48, 0x01] + [UInt8](repeating: 1, count: 0x4801),
            // Application data, an alert and a change of cipher before any handshake.
            [23, 3, 3, 0, 4, 1, 2, 3, 4],
            [21, 3, 3, 0, 2, 2, 40],
            [20, 3, 3, 0, 1, 1],
            // A ClientHello that says it is 16 MB long.
            [22, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF],
            (0..<1000).map { _ in UInt8.random(in: 0...255, using: &generator) | 0x80 },
        ]
        let context = try TestIdentity.root.leaf().server()
        for input in inputs {
            let server = try TLSSession(server: context)
            try server.receive(input.span)
            var first: TLSError?
            do throws(TLSError) { _ = try server.handshake() } catch { first = error }
            XCTAssertNotNil(first, "\(input.prefix(16))")
            XCTAssertThrowsError(try server.handshake()) { XCTAssertEqual($0 as? TLSError, first) }
            XCTAssertThrowsError(try server.receive([1].span)) { XCTAssertEqual($0 as? TLSError, first) }
        }
    }

    func testAClientHelloCutAtAnyByteNeedsInputAndItsEndIsTruncation() throws {
        let client = try TLSSession(client: TestIdentity.root.client(), host: "hook.gtoken.svc")
        _ = try client.handshake()
        var hello: [UInt8] = []
        client.takeOutput(into: &hello)
        let context = try TestIdentity.root.leaf().server()
        for length in stride(from: 0, to: hello.count, by: 7) {
            let server = try TLSSession(server: context)
            try server.receive(hello.span.extracting(first: length))
            XCTAssertEqual(try server.handshake(), .needsInput)
            server.receiveEndOfStream()
            XCTAssertThrowsError(try server.handshake()) { XCTAssertEqual($0 as? TLSError, .truncated) }
        }
    }
}

extension TLSSession {
    /// Limits the session to one version of TLS, as a peer that knows no other would.
    func allowOnly(_ version: Int32) {
        unsafe SSL_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
        unsafe SSL_ctrl(pointer, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
    }
}
