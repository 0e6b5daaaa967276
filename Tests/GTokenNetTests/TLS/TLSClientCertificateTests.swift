import GTokenCore
import XCTest

@testable import GTokenNet

/// A server that asks its clients for certificates.
final class TLSClientCertificateTests: XCTestCase {
    /// A client with this certificate and a server that trusts the root, at one TLS version.
    private func pair(_ identity: TestIdentity?, _ version: TLSVersion) throws -> TLSPair {
        let root = TestIdentity.root
        let leaf = try root.leaf()
        let client = try root.client()
        if let identity { try client.context.use(chain: [identity.certificate], key: identity.key) }
        let server = try TLSServerContext(
            certificateChainPEM: leaf.pem,
            privateKeyPEM: leaf.keyPEM,
            clientRootsPEM: root.pem,
            minimumVersion: version
        )
        return try TLSPair(client: client, server: server)
    }

    func testAClientIsVerifiedByItsCertificateAndServedWithoutOne() throws {
        let caller = try TestIdentity.root.leaf(["caller"], usage: "clientAuth")
        for version in [TLSVersion.v1_2, .v1_3] {
            let verified = try pair(caller, version)
            XCTAssertFalse(verified.server.hasVerifiedPeer, "before the handshake")
            try verified.handshake()
            XCTAssertTrue(verified.server.hasVerifiedPeer)
            XCTAssertEqual(
                try verified.send([1, 2, 3], from: verified.client, to: verified.server),
                [1, 2, 3]
            )
            let anonymous = try pair(nil, version)
            try anonymous.handshake()
            XCTAssertFalse(anonymous.server.hasVerifiedPeer)
        }
    }

    func testACertificateThatIsNotTrustedEndsTheHandshake() throws {
        let past =
            (TestIdentity.now - TestIdentity.day - TestIdentity.day)...(TestIdentity.now - TestIdentity.day)
        let cases: [(TestIdentity, String)] = [
            (
                try TestIdentity.root("Another root").leaf(["caller"], usage: "clientAuth"),
                "unable to get local issuer certificate"
            ),
            (try TestIdentity.root.leaf(["caller"], usage: "serverAuth"), "unsuitable certificate purpose"),
            (
                try TestIdentity.root.leaf(["caller"], lifetime: past, usage: "clientAuth"),
                "certificate has expired"
            ),
            (try TestIdentity.root("Self-made"), "self-signed certificate"),
        ]
        for (identity, reason) in cases {
            let pair = try pair(identity, .v1_2)
            XCTAssertEqual(pair.failedHandshake().server, .untrustedPeer(reason: reason))
            XCTAssertFalse(pair.server.hasVerifiedPeer, reason)
        }
    }

    func testAServerThatTrustsNobodyAsksNobody() throws {
        let pair = try TLSPair()
        try pair.handshake()
        XCTAssertFalse(pair.server.hasVerifiedPeer)
        XCTAssertTrue(pair.client.hasVerifiedPeer, "a client always verifies its server")
    }

    func testRootsThatCannotBeReadAreSaid() throws {
        let leaf = try TestIdentity.root.leaf()
        for text in ["", "no PEM"] {
            XCTAssertThrowsError(
                try TLSServerContext(
                    certificateChainPEM: leaf.pem,
                    privateKeyPEM: leaf.keyPEM,
                    clientRootsPEM: Array(text.utf8)
                )
            ) { error in
                XCTAssertEqual(error as? TLSError, .missing(.trustedRoots))
                XCTAssertEqual((error as? TLSError)?.material, .trustedRoots)
            }
        }
    }
}
