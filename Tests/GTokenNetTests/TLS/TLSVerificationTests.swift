import GTokenCore
import XCTest

@testable import GTokenNet

final class TLSVerificationTests: XCTestCase {
    func testAcceptsAServerUnderEachOfItsNames() throws {
        let cases: [(names: [String], host: String)] = [
            (["hook.gtoken.svc"], "hook.gtoken.svc"),
            (["hook.gtoken.svc"], "HOOK.gtoken.SVC"),
            (["hook.gtoken.svc"], "hook.gtoken.svc."),
            (["other", "hook.gtoken.svc"], "hook.gtoken.svc"),
            (["*.gtoken.svc"], "hook.gtoken.svc"),
            (["127.0.0.1"], "127.0.0.1"),
            (["::1"], "::1"),
            (["::1"], "[::1]"),
            (["2001:db8::17"], "2001:0db8:0:0::0017"),
        ]
        for (names, host) in cases {
            let pair = try TLSPair(
                client: TestIdentity.root.client(),
                host: host,
                server: TestIdentity.root.leaf(names).server()
            )
            XCTAssertNoThrow(try pair.handshake(), "\(names) for \(host)")
        }
    }

    func testRefusesAServerOfAnotherName() throws {
        let cases: [(names: [String], host: String, reason: String)] = [
            (["hook.gtoken.svc"], "hook.other.svc", "hostname mismatch"),
            (["gtoken.svc"], "hook.gtoken.svc", "hostname mismatch"),
            (["*.gtoken.svc"], "a.hook.gtoken.svc", "hostname mismatch"),
            (["*.gtoken.svc"], "gtoken.svc", "hostname mismatch"),
            (["h*.gtoken.svc"], "hook.gtoken.svc", "hostname mismatch"),
            (["127.0.0.1"], "127.0.0.2", "IP address mismatch"),
            (["hook.gtoken.svc"], "127.0.0.1", "IP address mismatch"),
            (["127.0.0.1"], "localhost", "hostname mismatch"),
        ]
        for (names, host, reason) in cases {
            let pair = try TLSPair(
                client: TestIdentity.root.client(),
                host: host,
                server: TestIdentity.root.leaf(names).server()
            )
            XCTAssertEqual(
                pair.failedHandshake().client,
                .untrustedPeer(reason: reason),
                "\(names) for \(host)"
            )
        }
    }

    func testACommonNameIsNoHostName() throws {
        let leaf = try TestIdentity.root.leaf([], commonName: "hook.gtoken.svc")
        let pair = try TLSPair(client: TestIdentity.root.client(), server: leaf.server())
        XCTAssertEqual(pair.failedHandshake().client, .untrustedPeer(reason: "hostname mismatch"))
    }

    func testRefusesALeafOutsideItsLife() throws {
        let (now, day) = (TestIdentity.now, TestIdentity.day)
        let cases: [(ClosedRange<UnixTime>, String)] = [
            ((now - day * 2)...(now - day), "certificate has expired"),
            ((now + day)...(now + day * 2), "certificate is not yet valid"),
        ]
        for (lifetime, reason) in cases {
            let leaf = try TestIdentity.root.leaf(lifetime: lifetime)
            let errors = try TLSPair(client: TestIdentity.root.client(), server: leaf.server())
                .failedHandshake()
            XCTAssertEqual(errors.client, .untrustedPeer(reason: reason))
        }
    }

    func testTellsTheServerWhyItIsRefused() throws {
        let (now, day) = (TestIdentity.now, TestIdentity.day)
        let leaf = try TestIdentity.root.leaf(lifetime: (now - day * 2)...(now - day))
        let errors = try TLSPair(client: TestIdentity.root.client(), server: leaf.server()).failedHandshake()
        XCTAssertEqual(errors.server, .peerAlert(code: 45))
        XCTAssertEqual(errors.server?.description, "peer sent TLS alert 45 (certificate expired)")
    }

    func testRefusesAServerOfAnotherAuthority() throws {
        let other = try TestIdentity.root("Another root")
        let sameName = try TestIdentity.root("Test root")
        let leaf = try TestIdentity.root.leaf()
        let cases: [(TestIdentity, String)] = [
            (other, "unable to get local issuer certificate"),
            (sameName, "unable to get local issuer certificate"),
        ]
        for (trusted, reason) in cases {
            let errors = try TLSPair(client: trusted.client(), server: leaf.server()).failedHandshake()
            XCTAssertEqual(errors.client, .untrustedPeer(reason: reason))
            XCTAssertEqual(errors.server, .peerAlert(code: 48))
        }
    }

    func testRefusesASelfSignedServer() throws {
        let lone = try TestIdentity.root("hook.gtoken.svc")
        let errors = try TLSPair(client: TestIdentity.root.client(), server: lone.server()).failedHandshake()
        XCTAssertEqual(errors.client, .untrustedPeer(reason: "self-signed certificate"))
    }

    func testFollowsAChainOfIntermediatesAndMissesThemWhereTheyAreNotSent() throws {
        let first = try TestIdentity.root.intermediate("First")
        let second = try first.intermediate("Second")
        let leaf = try second.leaf()
        let complete = try TLSPair(
            client: TestIdentity.root.client(),
            server: leaf.server(intermediates: [second, first])
        )
        XCTAssertNoThrow(try complete.handshake())
        for sent in [[], [second], [first]] {
            let pair = try TLSPair(
                client: TestIdentity.root.client(),
                server: leaf.server(intermediates: sent)
            )
            XCTAssertEqual(
                pair.failedHandshake().client,
                .untrustedPeer(reason: "unable to get local issuer certificate")
            )
        }
    }

    func testAnIntermediateIsATrustAnchorOfItsOwn() throws {
        let intermediate = try TestIdentity.root.intermediate("Anchor")
        let pair = try TLSPair(client: intermediate.client(), server: intermediate.leaf().server())
        XCTAssertNoThrow(try pair.handshake())
    }

    func testALeafSignsNobody() throws {
        let leaf = try TestIdentity.root.leaf()
        let below = try leaf.leaf()
        let pair = try TLSPair(
            client: TestIdentity.root.client(),
            server: below.server(intermediates: [leaf])
        )
        guard case .untrustedPeer = pair.failedHandshake().client else {
            return XCTFail("accepted a certificate that a leaf signed")
        }
    }

    func testRefusesACertificateThatIsNotForServers() throws {
        let leaf = try TestIdentity.root.leaf(usage: "clientAuth")
        let errors = try TLSPair(client: TestIdentity.root.client(), server: leaf.server()).failedHandshake()
        XCTAssertEqual(errors.client, .untrustedPeer(reason: "unsuitable certificate purpose"))
    }

    func testRefusesAHostThatIsNeitherNameNorAddress() throws {
        let hosts = [
            "", ".", "..", ".gtoken.svc", "hook..svc", "hook.gtoken.svc..", "*", "*.gtoken.svc", "a b",
            "hook\u{0}.evil", "127.0.0.1\u{0}", "bücher.example", "[hook]", "[::1", "fe80::1%eth0", "1.2.3",
            "0x7f.1",
            "999.0.0.1", "hook:443", "https://hook", String(repeating: "a", count: 64),
            String(repeating: "a.", count: 127) + "a",
        ]
        let client = try TestIdentity.root.client()
        for host in hosts {
            XCTAssertThrowsError(try TLSSession(client: client, host: host), host) {
                XCTAssertEqual($0 as? TLSError, .invalidHost)
            }
        }
    }

    func testSendsTheNameWithoutItsDotAsSNIAndNoneForAnAddress() throws {
        let cases: [(host: String, sent: String?)] = [
            ("hook.gtoken.svc", "hook.gtoken.svc"), ("hook.gtoken.svc.", "hook.gtoken.svc"),
            ("127.0.0.1", nil),
            ("::1", nil),
        ]
        for (host, sent) in cases {
            let client = try TLSSession(client: TestIdentity.root.client(), host: host)
            let server = try TLSSession(server: TestIdentity.root.leaf().server())
            _ = try client.handshake()
            var hello: [UInt8] = []
            client.takeOutput(into: &hello)
            try server.receive(hello.span)
            _ = try server.handshake()
            XCTAssertEqual(server.serverName, sent)
        }
    }
}
