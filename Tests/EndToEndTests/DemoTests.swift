import Foundation
import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

/// `gtokenctl demo`, the whole way in one command.
final class DemoTests: XCTestCase {
    private func demo(_ arguments: String...) throws -> String {
        let output = try Subprocess.output(of: [BuiltTool.path("gtokenctl"), "demo"] + arguments)
        let text = String(decoding: output, as: UTF8.self)
        XCTAssertFalse(text.contains("eyJ"), "a token in the output")
        return text
    }

    func testTheWholeWayEndsWithTheRolesARN() throws {
        let text = try demo()
        let arn = "arn:aws:sts::123456789012:assumed-role/reports-uploader/upload-7c2xq"
        XCTAssertTrue(text.contains("The Pod calls AWS as \(arn)"), text)
        XCTAssertTrue(text.contains("the trust policy that pins oaud refuses it: AccessDenied"), text)
        XCTAssertTrue(text.contains("which pins sub alone, would have accepted it"), text)
    }

    func testTheJSONFormIsOneDocument() throws {
        let root = try JSONDocument(Array(demo("-o", "json").utf8)).root
        XCTAssertEqual(
            root.members.map(\.name),
            [
                "serviceAccount", "trustPolicy", "pod", "patch", "podPatched", "claims", "expiration",
                "callerARN",
            ]
        )
        XCTAssertEqual(root["claims"]?["aud"]?.string(), GTokenConfiguration.defaultAudience)
    }

    func testAnInitContainerAloneGivesAJobItsRole() throws {
        let root = try JSONDocument(Array(demo("--sidecar=container", "-o", "json").utf8)).root
        let containers = root["podPatched"]?["spec"]?["initContainers"]?.elements.map { $0["name"]?.string() }
        XCTAssertEqual(containers, ["generate-gcp-id-token"])
        XCTAssertNotNil(root["callerARN"])
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

    func testAKeptDemoWritesItsEnvironmentAndEndsWellWhenAsked() async throws {
        let folder = try TemporaryDirectory()
        let process = try ChildProcess(
            [BuiltTool.path("gtokenctl"), "demo", "--keep", "--env-file=\(folder.file("env"))"],
            standardOutput: .file(folder.file("output"))
        )
        defer { process.send(signal: SIGKILL) }
        let lines = try await eventually("the environment is written") {
            let text = folder.text("env")
            return text.isEmpty ? nil : text.split(separator: "\n")
        }
        XCTAssertEqual(
            lines.map { String($0.prefix { $0 != "=" }) },
            [
                "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_SESSION_NAME", "AWS_REGION",
                "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_STS", "GTOKEN_DEMO_DIR",
            ]
        )
        process.send(signal: SIGTERM)
        let status = try await eventually("the demo ends") { process.exitStatus() }
        XCTAssertEqual(status, 0)
    }
}
