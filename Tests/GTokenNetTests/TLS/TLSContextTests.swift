import XCTest

@testable import GTokenNet

final class TLSContextTests: XCTestCase {
    private func serverError(chain: [UInt8], key: [UInt8]) -> TLSError? {
        do throws(TLSError) {
            _ = try TLSServerContext(certificateChainPEM: chain, privateKeyPEM: key)
            return nil
        } catch {
            return error
        }
    }

    private func clientError(roots: [UInt8]) -> TLSError? {
        do throws(TLSError) {
            _ = try TLSClientContext(trustedRootsPEM: roots)
            return nil
        } catch {
            return error
        }
    }

    func testRefusesAKeyOfAnotherCertificate() throws {
        let leaf = try TestIdentity.root.leaf()
        for other in [try TestIdentity.root.leaf(), try TestIdentity.root.leaf(kind: .rsa2048)] {
            XCTAssertEqual(serverError(chain: leaf.pem, key: other.keyPEM), .keyMismatch)
        }
        XCTAssertEqual(serverError(chain: TestIdentity.root.pem + leaf.pem, key: leaf.keyPEM), .keyMismatch)
    }

    func testTellsWhatIsMissing() throws {
        let leaf = try TestIdentity.root.leaf()
        for text in [
            "", "no PEM at all", "-----BEGIN CERTIFICATE----\n", String(repeating: "x", count: 100_000),
        ] {
            XCTAssertEqual(
                serverError(chain: Array(text.utf8), key: leaf.keyPEM),
                .missing(.certificateChain)
            )
            XCTAssertEqual(clientError(roots: Array(text.utf8)), .missing(.trustedRoots))
        }
        XCTAssertEqual(serverError(chain: leaf.keyPEM, key: leaf.keyPEM), .missing(.certificateChain))
        XCTAssertEqual(clientError(roots: leaf.keyPEM), .missing(.trustedRoots))
        for text in ["", "no PEM at all"] {
            XCTAssertEqual(serverError(chain: leaf.pem, key: Array(text.utf8)), .missing(.privateKey))
        }
        XCTAssertEqual(serverError(chain: leaf.pem, key: leaf.pem), .missing(.privateKey))
    }

    func testMaterialCutAtAnyByteIsRefused() throws {
        let leaf = try TestIdentity.root.leaf()
        let marker = Array("-----END".utf8).count
        for length in 0..<(leaf.pem.count - marker) {
            XCTAssertNotNil(serverError(chain: Array(leaf.pem.prefix(length)), key: leaf.keyPEM), "\(length)")
            XCTAssertNotNil(clientError(roots: Array(leaf.pem.prefix(length))), "\(length)")
        }
        for length in 0..<(leaf.keyPEM.count - marker) {
            XCTAssertNotNil(serverError(chain: leaf.pem, key: Array(leaf.keyPEM.prefix(length))), "\(length)")
        }
    }

    func testOneUnreadableCertificateSpoilsTheBundle() throws {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        guard
            case .malformed(.trustedRoots, _) = clientError(roots: TestIdentity.root.pem + Array(broken.utf8))
        else { return XCTFail("accepted a broken certificate") }
        let leaf = try TestIdentity.root.leaf()
        guard
            case .malformed(.certificateChain, _) = serverError(
                chain: leaf.pem + Array(broken.utf8),
                key: leaf.keyPEM
            )
        else { return XCTFail("accepted a broken intermediate") }
    }

    func testABundleMayHaveTextBetweenItsCertificatesAndACertificateTwice() throws {
        let text = Array("# Test root\n\n".utf8)
        XCTAssertNil(clientError(roots: text + TestIdentity.root.pem + text + TestIdentity.root.pem + text))
    }

    func testAnEncryptedKeyIsRefusedWithoutAskingForItsPassphrase() throws {
        let leaf = try TestIdentity.root.leaf()
        let key = try OpenSSLCommand.run(
            ["pkcs8", "-topk8", "-passout", "pass:secret", "-in", "{0}"],
            files: [leaf.keyPEM]
        )
        XCTAssertTrue(key.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY"))
        guard case .malformed(.privateKey, let reason) = serverError(chain: leaf.pem, key: Array(key.utf8))
        else {
            return XCTFail("accepted an encrypted key")
        }
        XCTAssertFalse(reason.contains("secret"))
    }

    func testReadsTheKeyFormsThatToolsWrite() throws {
        for kind in [TestIdentity.KeyKind.p256, .rsa2048] {
            let leaf = try TestIdentity.root.leaf(kind: kind)
            let command = kind == .p256 ? ["ec", "-in", "{0}"] : ["rsa", "-traditional", "-in", "{0}"]
            let key = try OpenSSLCommand.run(command, files: [leaf.keyPEM])
            XCTAssertNil(serverError(chain: leaf.pem, key: Array(key.utf8)))
        }
        let leaf = try TestIdentity.root.leaf()
        let parameters = try OpenSSLCommand.run(["ecparam", "-name", "prime256v1"])
        let key = try OpenSSLCommand.run(["ec", "-in", "{0}"], files: [leaf.keyPEM])
        XCTAssertNil(serverError(chain: leaf.pem, key: Array((parameters + key).utf8)))
    }

    func testRefusesAKeyThatIsTooWeak() throws {
        let weak = try TestIdentity.root.leaf(kind: .rsa1024)
        XCTAssertEqual(
            serverError(chain: weak.pem, key: weak.keyPEM),
            .rejected(.certificateChain, reason: "ee key too small")
        )
    }

    func testTellsTheFactsOfItsLeafAndTheClientSeesTheSame() throws {
        let leaf = try TestIdentity.root.leaf(["hook.gtoken.svc", "127.0.0.1", "*.gtoken.svc"])
        let server = try leaf.server(intermediates: [.root])
        XCTAssertEqual(server.leaf.dnsNames, ["hook.gtoken.svc", "*.gtoken.svc"])
        XCTAssertEqual(server.leaf.notBefore, TestIdentity.lifetime.lowerBound)
        XCTAssertEqual(server.leaf.notAfter, TestIdentity.lifetime.upperBound)
        let pair = try TLSPair(client: TestIdentity.root.client(), server: server)
        XCTAssertNil(pair.client.peerCertificate)
        try pair.handshake()
        XCTAssertEqual(pair.client.peerCertificate, server.leaf)
        XCTAssertNil(pair.server.peerCertificate)
    }

    func testErrorsSayWhatWasFoundInOneLine() {
        let cases: [(TLSError, String)] = [
            (.missing(.privateKey), "no private key in the PEM text"),
            (.malformed(.trustedRoots, reason: "wrong tag"), "unreadable trusted roots: wrong tag"),
            (
                .rejected(.certificateChain, reason: "ee key too small"),
                "certificate chain refused: ee key too small"
            ),
            (.keyMismatch, "private key does not belong to the certificate"),
            (.invalidHost, "host is neither a DNS name nor an IP address"),
            (.untrustedPeer(reason: "hostname mismatch"), "peer certificate not trusted: hostname mismatch"),
            (.peerAlert(code: 40), "peer sent TLS alert 40 (handshake failure)"),
            (.peerAlert(code: 255), "peer sent TLS alert 255 (unknown)"),
            (.protocolViolation(reason: "http request"), "TLS protocol failure: http request"),
            (.truncated, "connection ended without TLS close_notify"),
            (.notWritable, "TLS session is not open for writing"),
            (.library(call: "SSL_new", reason: "malloc failure"), "SSL_new failed: malloc failure"),
        ]
        for (error, text) in cases {
            XCTAssertEqual(error.description, text)
        }
    }
}
