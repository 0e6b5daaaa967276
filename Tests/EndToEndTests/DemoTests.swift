import Foundation
import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

/// `gtokenctl demo`, the whole way in one command.
final class DemoTests: XCTestCase {
    private func demo(_ arguments: String...) throws -> String {
        let output = try Subprocess.output(of: [BuiltTool.path("gtokenctl"), "demo"] + arguments)
        PrintedOutput.keep(output, as: "demo")
        let text = String(decoding: output, as: UTF8.self)
        XCTAssertFalse(text.contains("eyJ"), "a token in the output")
        return text
    }

    func testTheWholeWayEndsWithTheARNOfEachIdentitysRole() throws {
        let text = try demo()
        for line in [
            "identity google   arn:aws:sts::123456789012:assumed-role/reports-uploader/upload-7c2xq",
            "identity cluster  arn:aws:sts::123456789012:assumed-role/reports-publisher/publish-x8mzq",
            "the trust policy that pins oaud refuses it: AccessDenied",
            "which pins sub alone, would have accepted it",
            "the Pod's own token for the Kubernetes API: InvalidIdentityToken, Incorrect token audience",
            "a token for AWS of another ServiceAccount of the namespace: AccessDenied",
        ] {
            XCTAssertTrue(text.contains(line), "\(line)\n\(text)")
        }
    }

    func testTheJSONFormIsOneDocumentWithAnObjectForEachIdentity() throws {
        let root = try JSONDocument(Array(demo("-o", "json").utf8)).root
        XCTAssertEqual(root.members.map(\.name), ["google", "cluster"])
        for identity in root.members {
            XCTAssertEqual(
                identity.value.members.map(\.name),
                [
                    "serviceAccount", "trustPolicy", "pod", "patch", "podPatched", "claims", "expiration",
                    "callerARN",
                ],
                identity.name
            )
        }
        XCTAssertEqual(root["google"]?["claims"]?["aud"]?.string(), TokenSourceConfiguration.defaultAudience)
        let cluster = try XCTUnwrap(root["cluster"])
        XCTAssertEqual(
            cluster["claims"]?["aud"]?.elements.map { $0.string() },
            [ClusterToken.defaultAudience]
        )
        XCTAssertEqual(cluster["claims"]?["sub"]?.string(), "system:serviceaccount:reports:publisher")
        XCTAssertNil(cluster["podPatched"]?["spec"]?["initContainers"])
        let condition = try XCTUnwrap(
            cluster["trustPolicy"]?["Statement"]?.elements.first { _ in true }?["Condition"]?["StringEquals"]
        )
        let issuer = try XCTUnwrap(cluster["claims"]?["iss"]?.string()).dropFirst("https://".count)
        XCTAssertEqual(condition["\(issuer):sub"]?.string(), "system:serviceaccount:reports:publisher")
        XCTAssertEqual(condition["\(issuer):aud"]?.string(), ClusterToken.defaultAudience)
    }

    func testAnInitContainerAloneGivesAJobItsRole() throws {
        let root = try JSONDocument(Array(demo("--sidecar=container", "-o", "json").utf8)).root
        let spec = root["google"]?["podPatched"]?["spec"]
        XCTAssertEqual(
            spec?["initContainers"]?.elements.map { $0["name"]?.string() },
            ["generate-gcp-id-token"]
        )
        XCTAssertNotNil(root["google"]?["callerARN"])
        XCTAssertNotNil(root["cluster"]?["callerARN"])
    }

    func testNothingIsLeftBehind() throws {
        let folder = FileManager.default.temporaryDirectory.path
        func left() throws -> Set<String> {
            Set(
                try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                    $0.hasPrefix("gtoken-demo-")
                }
            )
        }
        let before = try left()
        _ = try demo()
        XCTAssertEqual(try left(), before)
    }

    func testAKeptDemoWritesTheEnvironmentOfEachPodAndEndsWellWhenAsked() async throws {
        let folder = try TemporaryDirectory()
        let process = try ChildProcess(
            [
                BuiltTool.path("gtokenctl"), "demo", "--keep", "--env-file=\(folder.file("google"))",
                "--cluster-env-file=\(folder.file("cluster"))",
            ],
            standardOutput: .file(folder.file("demo.log"))
        )
        defer { process.send(signal: SIGKILL) }
        for (file, role) in [("google", "reports-uploader"), ("cluster", "reports-publisher")] {
            let lines = try await eventually("the environment is written") {
                let text = folder.text(file)
                return text.isEmpty ? nil : text.split(separator: "\n")
            }
            XCTAssertEqual(
                lines.map { String($0.prefix { $0 != "=" }) },
                [
                    "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_SESSION_NAME", "AWS_REGION",
                    "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_STS", "GTOKEN_DEMO_DIR", "GTOKEN_DEMO_DISCOVERY",
                ],
                file
            )
            XCTAssertEqual(lines.first, "AWS_ROLE_ARN=arn:aws:iam::123456789012:role/\(role)")
        }
        let stage = folder.text("google").split(separator: "\n").first { $0.hasPrefix("GTOKEN_DEMO_DIR=") }
        PrintedOutput.keep(in: String(try XCTUnwrap(stage).dropFirst("GTOKEN_DEMO_DIR=".count)))
        process.send(signal: SIGTERM)
        let status = try await eventually("the demo ends") { process.exitStatus() }
        XCTAssertEqual(status, 0)
    }
}
