import GTokenCore
import XCTest

@testable import GTokenNet

final class TrustAnchorTests: XCTestCase {
    func testABundleIsReadInOrderAndEachCertificateOnce() throws {
        let (a, b) = (try TestIdentity.root("a"), try TestIdentity.root("b"))
        let text = Array("# first\r\n".utf8) + a.pem + b.pem + a.pem
        let anchors = try TrustAnchor.read(text)
        XCTAssertEqual(anchors.map(\.pem), [a.pem, b.pem])
        XCTAssertEqual(anchors.map(\.isAuthority), [true, true])
        XCTAssertEqual(anchors[0], try TrustAnchor.read(a.pem).first)
        XCTAssertEqual(try TrustAnchor.read(a.leaf().pem).first?.isAuthority, false)
    }

    func testABundleThatIsNoneIsRefused() throws {
        let a = try TestIdentity.root("a").pem
        XCTAssertThrowsError(try TrustAnchor.read([])) {
            XCTAssertEqual($0 as? CryptographyError, .missingCertificate)
        }
        // One that is cut short must not pass for a shorter bundle.
        XCTAssertThrowsError(try TrustAnchor.read(a + a.dropLast(a.count / 2))) {
            guard case .malformedCertificate? = $0 as? CryptographyError else { return XCTFail("\($0)") }
        }
    }

    func testAChainVerifiesByItsAnchorsAndInItsTime() throws {
        let (root, other) = (try TestIdentity.root("root"), try TestIdentity.root("other"))
        let between = try root.intermediate("between")
        let server = try between.leaf().server(intermediates: [between])
        let alone = try between.leaf().server()
        func objection(
            _ server: TLSServerContext,
            _ anchors: [TestIdentity],
            after: Duration = .zero
        ) throws
            -> String?
        {
            try server.objection(
                byTrusting: anchors.map { try TrustAnchor($0.certificate) },
                at: TestIdentity.now + after
            )
        }
        XCTAssertNil(try objection(server, [root]))
        XCTAssertNil(try objection(server, [other, root]))
        // An intermediate is an anchor as good as any.
        XCTAssertNil(try objection(alone, [between]))
        for (server, anchors) in [(server, [other]), (server, []), (alone, [root])] {
            XCTAssertEqual(try objection(server, anchors), "unable to get local issuer certificate")
        }
        XCTAssertEqual(
            try objection(server, [root], after: TestIdentity.day * 2),
            "certificate has expired"
        )
        XCTAssertEqual(
            try objection(server, [root], after: TestIdentity.day * -2),
            "certificate is not yet valid"
        )
        let client = try root.leaf(usage: "clientAuth").server()
        XCTAssertNotNil(try objection(client, [root]))
    }

    func testAClientVerifiesAtTheTimeThatItIsGiven() throws {
        let root = try TestIdentity.root("root")
        let server = try root.leaf().server()
        for (days, isTrusted) in [(0, true), (2, false), (-2, false)] {
            let client = try TLSClientContext(trustedRootsPEM: root.pem) {
                TestIdentity.now + TestIdentity.day * days
            }
            let pair = try TLSPair(client: client, server: server)
            let errors = pair.failedHandshake()
            XCTAssertEqual(errors.client == nil, isTrusted, "\(days) days: \(errors)")
        }
    }
}
