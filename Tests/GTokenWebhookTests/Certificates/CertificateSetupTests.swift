import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

/// What a configuration becomes.
final class CertificateSetupTests: XCTestCase {
    private func setup(
        _ api: CertificateTestAPI,
        _ certificates: WebhookCertificates,
        clientCA: String? = nil,
        log: RecordedLog = RecordedLog()
    ) -> CertificateSetup {
        var configuration = WebhookConfiguration()
        configuration.certificates = certificates
        configuration.clientCAFile = clientCA
        return CertificateSetup(
            configuration: configuration,
            environment: ["POD_NAMESPACE": "gtoken"],
            client: api.client,
            registry: MetricsRegistry(),
            clock: api.clock,
            logger: log.logger(clock: api.clock)
        )
    }

    func testTheNamespaceIsWhatTheManifestSaysOrTheKubeletMountsOrOurs() throws {
        let folder = try TemporaryDirectory()
        func namespace(_ environment: [String: String]) -> String {
            CertificateSetup.namespace(environment, folder: folder.path)
        }
        XCTAssertEqual(namespace([:]), "gtoken")
        _ = try folder.write("namespace", Array("mounted\n".utf8))
        XCTAssertEqual(namespace([:]), "mounted")
        XCTAssertEqual(namespace(["POD_NAMESPACE": ""]), "mounted")
        XCTAssertEqual(namespace(["POD_NAMESPACE": "said"]), "said")
    }

    func testPlainHTTPHasNoCertificate() async throws {
        try await withCertificateAPI { api in
            XCTAssertNil(try self.setup(api, .none).source())
        }
    }

    func testASelfManagedCertificateAsksForThoseOfCallersAndReadsTheirAuthoritiesAgain() async throws {
        let folder = try TemporaryDirectory()
        try await withCertificateAPI { api in
            let (first, second) = (try Self.authority("first"), try Self.authority("second"))
            let path = try folder.write("ca.pem", first.certificatePEM)
            let log = RecordedLog()
            let source = try XCTUnwrap(
                try self.setup(api, .selfManaged(secret: "gtoken-webhook-ca"), clientCA: path, log: log)
                    .source()
            )
            XCTAssertNotNil(source.objection)
            let running = Task { try await source.run() }
            try await Self.wait { source.objection == nil }
            _ = try folder.write("ca.pem", second.certificatePEM)
            try await Self.wait {
                api.clock.advance(by: .seconds(1))
                return log.lines.contains { $0.contains("trusting new client certificate authorities") }
            }
            // The leaf stays what it was, and goes on being verified.
            XCTAssertNil(source.objection)
            running.cancel()
            _ = await running.result
        }
    }

    func testWhatCannotBeUsedAtStartIsAnErrorOfConfiguration() async throws {
        let folder = try TemporaryDirectory()
        try await withCertificateAPI { api in
            let none = folder.file("none.pem")
            let text = try folder.write("text.pem", Array("hello".utf8))
            let modes: [WebhookCertificates] = [
                .selfManaged(secret: "s"), .files(TLSFiles(certificate: text, privateKey: text)),
            ]
            for mode in modes {
                for clientCA in [none, text] {
                    XCTAssertThrowsError(try self.setup(api, mode, clientCA: clientCA).source()) {
                        let error = $0 as? ToolError
                        XCTAssertEqual(error?.exitCode, .configuration, "\(mode) \(clientCA)")
                        XCTAssertFalse("\($0)".contains("hello"))
                    }
                }
            }
        }
    }

    private static func authority(_ name: String) throws -> CertificateAuthority {
        try .create(commonName: name, validFor: .seconds(3600))
    }

    private static func wait(for condition: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while !condition() {
            try XCTUnwrap(ContinuousClock.now < end ? () : nil, "it did not happen")
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
