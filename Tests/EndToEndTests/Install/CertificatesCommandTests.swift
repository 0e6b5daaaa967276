import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

/// `gtokenctl certs`.
final class CertificatesCommandTests: XCTestCase {
    private static let registration =
        #"{"metadata":{"name":"mutating-gtoken-webhook-cfg"},"webhooks":[{"name":"gtoken.doit-intl.com","clientConfig":"#
        + #"{"service":{"name":"gtoken-webhook-svc","namespace":"gtoken"}}}]}"#

    private func anchors(_ stage: InstallStage) throws -> [TrustAnchor] {
        let text = try XCTUnwrap(stage.registered("caBundle").first ?? nil)
        return try TrustAnchor.read(XCTUnwrap(Base64.decode(text)))
    }

    private func context(_ stage: InstallStage) throws -> TLSServerContext {
        let data = stage.stage.kubernetes.object(.secrets, namespace: "gtoken", "gtoken-webhook-certs")?[
            "data"
        ]
        func bytes(_ name: String) throws -> [UInt8] {
            try XCTUnwrap(data?[name]?.string().flatMap { Base64.decode($0) })
        }
        return try TLSServerContext(
            certificateChainPEM: bytes("cert.pem"),
            privateKeyPEM: bytes("key.pem")
        )
    }

    func testWritesThePairAndItsAuthorityAndRenewsWithoutAGap() async throws {
        try await withInstallStage { stage in
            let nowhere = try await stage.run(["certs"])
            XCTAssertEqual(nowhere.status, 78)
            XCTAssertTrue(nowhere.errors.contains("there is no namespace gtoken"), nowhere.errors)
            let kubernetes = stage.stage.kubernetes
            kubernetes.put(.namespaces, Array(#"{"metadata":{"name":"gtoken"}}"#.utf8))

            let early = try await stage.run(["certs", "--validity=2h"])
            XCTAssertEqual(early.status, 0, early.errors)
            XCTAssertTrue(
                early.output.contains("note: no MutatingWebhookConfiguration calls"),
                early.output
            )
            kubernetes.put(.mutatingWebhookConfigurations, Array(Self.registration.utf8))
            let trusted = try await stage.run(["certs"])
            XCTAssertTrue(
                trusted.output.contains("stays: it is good until")
                    && trusted.output.contains("caBundle did not hold its authority"),
                trusted.output
            )
            let now = UnixTime(seconds: Int64(Date().timeIntervalSince1970))
            XCTAssertNil(try context(stage).objection(byTrusting: anchors(stage), at: now))
            let old = try context(stage)

            let renewed = try await stage.run(["certs", "--renew", "-o", "json"])
            XCTAssertEqual(renewed.status, 0, renewed.errors)
            let report = try JSONDocument(Array(renewed.output.utf8)).root
            XCTAssertEqual(report["isNew"]?.boolean(), true)
            let both = try anchors(stage)
            XCTAssertEqual(both.count, 2)
            XCTAssertNil(try context(stage).objection(byTrusting: both, at: now))
            XCTAssertNil(
                try old.objection(byTrusting: both, at: now),
                "replicas that still serve the old one"
            )
            XCTAssertNotEqual(try context(stage).leaf, old.leaf)

            // One that has lived for most of its life, and one that fits nothing.
            for (file, bytes, reason) in [
                ("cert.pem", try Self.agedPair(), "private key does not belong"),
                ("key.pem", Array("none".utf8), "key"),
            ] {
                let secret = try XCTUnwrap(
                    kubernetes.object(.secrets, namespace: "gtoken", "gtoken-webhook-certs")
                )
                let patch = JSONPatch([
                    .replace(
                        JSONPointer(["data", file]),
                        value: Array("\"\(Base64.encode(bytes))\"".utf8)
                    )
                ])
                kubernetes.put(.secrets, try patch.applied(to: JSONDocument(Array(secret.rawBytes))))
                let mended = try await stage.run(["certs"])
                XCTAssertTrue(mended.output.contains("a new pair"), mended.output)
                XCTAssertTrue(mended.output.contains(reason), mended.output)
            }
            for result in [early, trusted, renewed] {
                XCTAssertFalse((result.output + result.errors).contains("PRIVATE"), "a key is never printed")
            }
        }
    }

    private static func agedPair() throws -> [UInt8] {
        try CertificateAuthority.create(commonName: "other", validFor: .seconds(60)).certificatePEM
    }

    func testASecretOfCertManagerIsLeftAlone() async throws {
        try await withInstallStage { stage in
            stage.stage.kubernetes.put(
                .secrets,
                Array(
                    (#"{"metadata":{"name":"gtoken-webhook-certs","namespace":"gtoken","annotations":"#
                        + #"{"cert-manager.io/certificate-name":"gtoken-webhook-certs"}}}"#).utf8
                )
            )
            let result = try await stage.run(["certs"])
            XCTAssertEqual(result.status, 78)
            XCTAssertTrue(result.errors.contains("is cert-manager's"), result.errors)
        }
    }

    func testWritesFilesThatOnlyTheirOwnerReadsTheKeyOf() async throws {
        try await withInstallStage { stage in
            let folder = try TemporaryDirectory()
            let path = folder.file("deep/certs")
            let made = try await stage.run(["certs", "--output-dir=\(path)", "--namespace=platform"])
            XCTAssertEqual(made.status, 0, made.errors)
            XCTAssertTrue(made.output.contains("gtoken-webhook-svc.platform.svc"), made.output)
            let key = try FileManager.default.attributesOfItem(atPath: path + "/key.pem")
            XCTAssertEqual(key[.posixPermissions] as? Int, 0o600)
            let bytes = try ["ca.pem", "cert.pem", "key.pem"].map {
                try Data(contentsOf: URL(fileURLWithPath: "\(path)/\($0)"))
            }
            let again = try await stage.run(["certs", "--output-dir=\(path)", "--namespace=platform"])
            XCTAssertTrue(again.output.contains("stays"), again.output)
            XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: path + "/key.pem")), bytes[2])
            let other = try await stage.run(["certs", "--output-dir=\(path)"])
            XCTAssertTrue(
                other.output.contains("it is for gtoken-webhook-svc.platform.svc, not for"),
                other.output
            )
        }
    }
}
