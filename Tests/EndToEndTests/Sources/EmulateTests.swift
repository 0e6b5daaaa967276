import Foundation
import GTokenCore
import GTokenRuntime
import TestSupport
import XCTest

/// `gtokenctl emulate`, as a developer has it beside his program.
final class EmulateTests: XCTestCase {
    func testLeadsGtokenToItsStandInsAndEndsAtASignal() async throws {
        let folder = try TemporaryDirectory()
        let stage = try ChildProcess(
            [BuiltTool.path("gtokenctl"), "emulate", "--credentials-dir=\(folder.path)"],
            environment: [:],
            standardOutput: .file(folder.file("emulate.log")),
            standardError: .file(folder.file("emulate-errors.log"))
        )
        defer { stage.send(signal: SIGKILL) }
        let text = try await eventually("the document") {
            let text = folder.text("emulate.log")
            return text.hasSuffix("\n") ? text : nil
        }
        let document = try JSONDocument(Array(text.utf8)).root
        var environment: [String: String] = [:]
        for variable in try XCTUnwrap(document["environment"]).members {
            environment[variable.name] = variable.value.string()
        }
        for file in try XCTUnwrap(document["credentials"]).members where file.name != "authorized-user" {
            let path = try XCTUnwrap(file.value.string())
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600, file.name)
            let gtoken = try ChildProcess(
                [BuiltTool.path("gtoken"), "--source=adc", "--startup-timeout=0s"],
                environment: environment.merging(["GOOGLE_APPLICATION_CREDENTIALS": path]) { $1 },
                standardOutput: .file(folder.file("gtoken.out")),
                standardError: .file(folder.file("gtoken.log"))
            )
            let status = try await eventually("gtoken ends") { gtoken.exitStatus() }
            XCTAssertEqual(status, 0, folder.text("gtoken.log"))
            XCTAssertEqual(
                try UnverifiedJWT(parsing: folder.text("gtoken.out")).claims.subject,
                document["google"]?["uniqueId"]?.string()
            )
        }
        try await setUp(document)
        stage.send(signal: SIGTERM)
        let status = try await eventually("gtokenctl ends") { stage.exitStatus() }
        XCTAssertEqual(status, 0, folder.text("emulate-errors.log"))
    }

    /// What its administrator does with gtokenctl itself.
    private func setUp(_ document: JSONValue) async throws {
        guard BuiltTool.isInstalled("kubectl") else { return }
        var environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        for variable in try XCTUnwrap(document["administrator"]).members {
            environment[variable.name] = variable.value.string()
        }
        let folder = try TemporaryDirectory()
        environment["HOME"] = folder.path
        func run(_ arguments: [String]) async throws -> (status: Int32?, output: String) {
            let process = try ChildProcess(
                [BuiltTool.path("gtokenctl")] + arguments.filter { !$0.hasPrefix("--cluster-name") }
                    + ["--cluster-name=demo-cluster"],
                environment: environment,
                standardOutput: .file(folder.file("gtokenctl.log")),
                standardError: .file(folder.file("errors.log"))
            )
            let status = try await eventually("gtokenctl ends", within: .seconds(60)) { process.exitStatus() }
            return (status, folder.text("gtokenctl.log"))
        }
        let apply = try await run(["apply"] + SetupStage.binding)
        XCTAssertEqual(apply.status, 0, folder.text("errors.log"))
        XCTAssertEqual(apply.output, "4 created, 1 updated, 1 unchanged\n")
        let cluster = try await run(["apply"] + DoctorStage.identityCluster)
        XCTAssertEqual(cluster.status, 0, folder.text("errors.log"))
        // AWS could verify the cluster's tokens; there is no webhook, and that is not well.
        let doctor = try await run(["doctor"] + DoctorStage.identityCluster)
        XCTAssertEqual(doctor.status, 1, folder.text("errors.log"))
        XCTAssertTrue(doctor.output.contains("√ issuer and keys: "), doctor.output)
    }
}
