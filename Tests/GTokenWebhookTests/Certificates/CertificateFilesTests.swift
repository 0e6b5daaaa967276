import Foundation
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

/// Certificates from files that change under the running webhook.
final class CertificateFilesTests: XCTestCase {
    private final class Stage {
        let folder: TemporaryDirectory
        let api: CertificateTestAPI
        let log = RecordedLog()
        let registry = MetricsRegistry()
        let authority: CertificateAuthority
        var clientCA: String?

        init(_ api: CertificateTestAPI) throws {
            self.api = api
            folder = try TemporaryDirectory()
            authority = try CertificateAuthority.create(
                commonName: "test",
                validFor: .seconds(86_400 * 365),
                at: api.clock.now()
            )
        }

        func leaf(_ life: Duration = .seconds(86_400 * 90)) throws -> ServerCertificate {
            try authority.issueServerCertificate(
                dnsNames: [CertificateTestAPI.host],
                validFor: life,
                at: api.clock.now()
            )
        }

        func certificate(_ certificate: String, _ key: String) throws -> FileCertificate {
            try FileCertificate(
                TLSFiles(certificate: folder.file(certificate), privateKey: folder.file(key)),
                clientCA: clientCA,
                minimumVersion: .v1_2,
                api: CertificateAPI(client: api.client, names: CertificateTestAPI.names),
                registry: registry,
                clock: api.clock,
                logger: log.logger(clock: api.clock)
            )
        }

        /// Both files in place, as an editor or a script writes them.
        func write(_ leaf: ServerCertificate) throws {
            _ = try folder.write("cert.pem", leaf.certificatePEM)
            _ = try folder.write("key.pem", leaf.privateKeyPEM)
        }

        /// Both files as the kubelet writes a Secret: a folder of each version, and a link that is swapped.
        func mount(_ leaf: ServerCertificate, version: String) throws {
            let path = folder.file("..\(version)")
            let files = FileManager.default
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            try AtomicFile.replace(path: path + "/cert.pem", contents: leaf.certificatePEM, mode: 0o600)
            try AtomicFile.replace(path: path + "/key.pem", contents: leaf.privateKeyPEM, mode: 0o600)
            try files.createSymbolicLink(
                atPath: folder.file("..data_tmp"),
                withDestinationPath: "..\(version)"
            )
            XCTAssertEqual(unsafe rename(folder.file("..data_tmp"), folder.file("..data")), 0)
            for name in ["cert.pem", "key.pem"] where !files.fileExists(atPath: folder.file(name)) {
                try files.createSymbolicLink(atPath: folder.file(name), withDestinationPath: "..data/\(name)")
            }
        }

        func refusals(_ text: String) -> Int { log.lines.filter { $0.contains(text) }.count }
    }

    private func withStage(_ body: (Stage) async throws -> Void) async throws {
        try await withCertificateAPI { try await body(try Stage($0)) }
    }

    private func serves(_ certificate: FileCertificate, _ leaf: ServerCertificate) throws -> Bool {
        let anchor = try XCTUnwrap(TrustAnchor.read(leaf.certificatePEM).first)
        return try certificate.serving.context.objection(byTrusting: [anchor], at: WallClock.now()) == nil
    }

    func testANewPairIsServedHoweverItGetsThere() async throws {
        try await withStage { stage in
            let leaves = try [stage.leaf(), stage.leaf(), stage.leaf()]
            try stage.mount(leaves[0], version: "1")
            let certificate = try stage.certificate("cert.pem", "key.pem")
            XCTAssertFalse(certificate.look())
            for (number, leaf) in leaves.enumerated().dropFirst() {
                try stage.mount(leaf, version: "\(number + 1)")
                XCTAssertTrue(certificate.look())
                XCTAssertTrue(try self.serves(certificate, leaf))
                XCTAssertFalse(certificate.look())
            }
            XCTAssertEqual(stage.refusals("serving new certificate files"), 2)
        }
        try await withStage { stage in
            try stage.write(stage.leaf())
            let certificate = try stage.certificate("cert.pem", "key.pem")
            // Renamed into place, then written in place.
            let second = try stage.leaf()
            try stage.write(second)
            XCTAssertTrue(certificate.look())
            let third = try stage.leaf()
            try Data(third.certificatePEM).write(to: URL(fileURLWithPath: stage.folder.file("cert.pem")))
            try Data(third.privateKeyPEM).write(to: URL(fileURLWithPath: stage.folder.file("key.pem")))
            XCTAssertTrue(certificate.look())
            XCTAssertTrue(try self.serves(certificate, third))
        }
    }

    func testAPairThatCannotBeUsedKeepsTheOldOneAndIsSaidOnce() async throws {
        let other = try CertificateAuthority.create(commonName: "other", validFor: .seconds(3600))
        let cases: [(String, (Stage) throws -> Void, String)] = [
            (
                "half swapped",
                { _ = try $0.folder.write("cert.pem", $0.leaf().certificatePEM) },
                "private key does not belong to the certificate"
            ),
            (
                "another's key", { _ = try $0.folder.write("key.pem", other.privateKeyPEM) },
                "private key does not belong to the certificate"
            ),
            (
                "no certificate", { _ = try $0.folder.write("cert.pem", []) },
                "no certificate chain in the PEM text"
            ),
            (
                "no key", { _ = try $0.folder.write("key.pem", Array("x".utf8)) },
                "no private key in the PEM text"
            ),
            (
                "gone", { try FileManager.default.removeItem(atPath: $0.folder.file("key.pem")) },
                "No such file"
            ),
            (
                "expired",
                { stage in
                    stage.api.clock.jump(by: .seconds(-86_400 * 10))
                    let old = try stage.leaf(.seconds(60))
                    stage.api.clock.jump(by: .seconds(86_400 * 10))
                    try stage.write(old)
                }, "the certificate is not valid now"
            ),
        ]
        for (name, spoil, message) in cases {
            try await withStage { stage in
                let first = try stage.leaf()
                try stage.write(first)
                let certificate = try stage.certificate("cert.pem", "key.pem")
                try spoil(stage)
                for _ in 0..<5 { XCTAssertFalse(certificate.look(), name) }
                XCTAssertTrue(try self.serves(certificate, first), name)
                XCTAssertEqual(stage.refusals(message), 1, "\(name): \(stage.log.lines)")
                XCTAssertFalse(stage.log.lines.joined().contains("BEGIN"), name)
                XCTAssertNil(certificate.objection, name)
                // The other half, or a new pair: served as if nothing had been.
                let second = try stage.leaf()
                try stage.write(second)
                XCTAssertTrue(certificate.look(), name)
                XCTAssertTrue(try self.serves(certificate, second), name)
            }
        }
    }

    func testAtStartAPairThatDoesNotMatchIsAnErrorAndOneOutOfDateIsNot() async throws {
        try await withStage { stage in
            XCTAssertThrowsError(try stage.certificate("cert.pem", "key.pem")) {
                guard case .file(let error)? = $0 as? CertificateFileError else { return XCTFail("\($0)") }
                XCTAssertTrue(error.isNotFound)
            }
            try stage.write(stage.leaf())
            _ = try stage.folder.write("key.pem", stage.leaf().privateKeyPEM)
            XCTAssertThrowsError(try stage.certificate("cert.pem", "key.pem")) {
                XCTAssertEqual($0 as? CertificateFileError, .tls(.keyMismatch))
            }
            try stage.write(stage.leaf(.seconds(60)))
            stage.api.clock.advance(by: .seconds(120))
            let certificate = try stage.certificate("cert.pem", "key.pem")
            let objection = try XCTUnwrap(certificate.objection)
            XCTAssertTrue(objection.hasPrefix("the certificate is not valid now"), objection)
            try stage.write(stage.leaf())
            XCTAssertTrue(certificate.look())
            XCTAssertNil(certificate.objection)
        }
    }

    func testReadinessComparesWithCaBundleWhereThatCanBeRead() async throws {
        try await withStage { stage in
            try stage.write(stage.leaf())
            let certificate = try stage.certificate("cert.pem", "key.pem")
            // An empty bundle stands for the API server's own roots.
            await certificate.readWebhooks()
            XCTAssertNil(certificate.objection)
            try await stage.api.register(bundle: Base64.encode(stage.authority.certificatePEM))
            await certificate.readWebhooks()
            XCTAssertNil(certificate.objection)
            let other = try CertificateAuthority.create(commonName: "other", validFor: .seconds(3600))
            try await stage.api.register(bundle: Base64.encode(other.certificatePEM))
            await certificate.readWebhooks()
            let objection = try XCTUnwrap(certificate.objection)
            XCTAssertTrue(
                objection.hasPrefix("caBundle of webhook gtoken.doit-intl.com does not verify"),
                objection
            )
            // Away: what was known counts. Forbidden or gone: nothing is known.
            stage.api.setAway(true)
            await certificate.readWebhooks()
            XCTAssertNotNil(certificate.objection)
            stage.api.setAway(false)
            stage.api.deny(["get mutatingwebhookconfigurations"])
            await certificate.readWebhooks()
            XCTAssertNil(certificate.objection)
        }
    }

    func testClientAuthoritiesAreReadAgainWithThePair() async throws {
        try await withStage { stage in
            let leaf = try stage.leaf()
            try stage.write(leaf)
            stage.clientCA = try stage.folder.write("ca.pem", stage.authority.certificatePEM)
            let certificate = try stage.certificate("cert.pem", "key.pem")
            let other = try CertificateAuthority.create(commonName: "other", validFor: .seconds(3600))
            _ = try stage.folder.write("ca.pem", other.certificatePEM)
            XCTAssertTrue(certificate.look())
            _ = try stage.folder.write("ca.pem", Array("x".utf8))
            XCTAssertFalse(certificate.look())
            XCTAssertEqual(stage.refusals("no trusted roots in the PEM text"), 1)
        }
    }

    func testALifeNearItsEndIsSaidAndThenItsEnd() throws {
        let clock = ManualClock()
        let log = RecordedLog()
        let authority = try CertificateAuthority.create(
            commonName: "x",
            validFor: .seconds(86_400),
            at: clock.now()
        )
        var warning = ExpiryWarning("serving", logger: log.logger(clock: clock))
        for hour in 0..<30 {
            for _ in 0..<3 { warning.check(authority.anchor.facts, at: clock.now()) }
            let expected = max(0, hour - 19)
            XCTAssertEqual(log.lines.count, expected, "hour \(hour)")
            clock.advance(by: .seconds(3600))
        }
        XCTAssertEqual(log.lines.filter { $0.contains("near its end") }.count, 4)
        XCTAssertEqual(log.lines.filter { $0.contains("level=error") }.count, 6)
    }
}
