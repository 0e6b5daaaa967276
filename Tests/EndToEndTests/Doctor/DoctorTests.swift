import GTokenCore
import GTokenEmulator
import GTokenNet
import XCTest

/// `gtokenctl doctor` where all is well, and with one thing after another that is not.
final class DoctorTests: XCTestCase {
    private func withStage(_ body: (DoctorStage) async throws -> Void) async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await DoctorStage()
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        await stage.stop()
        try result.get()
    }

    private struct Check {
        let name: String
        let state: String
        let detail: String
        let hint: String
    }

    private func checks(_ output: String) throws -> [Check] {
        let sections = try JSONDocument(Array(output.utf8)).root["sections"]?.elements.map { $0 } ?? []
        return sections.flatMap { section in
            (section["checks"]?.elements.map { $0 } ?? []).map { check in
                Check(
                    name: check["name"]?.string() ?? "",
                    state: check["state"]?.string() ?? "",
                    detail: check["detail"]?.string() ?? "",
                    hint: check["hint"]?.string() ?? ""
                )
            }
        }
    }

    func testAHealthyChainIsProvenWithATokenOfEachIdentity() async throws {
        try await withStage { stage in
            for result in try await stage.heal() { XCTAssertEqual(result.status, 0, result.errors) }
            stage.stage.google.cloud.grant(
                "roles/iam.serviceAccountOpenIdTokenCreator",
                on: try GoogleServiceAccountEmail(parsing: DoctorStage.email),
                to: GoogleCloud.administrator
            )
            for (binding, role) in [(SetupStage.binding, "orders"), (DoctorStage.identityCluster, "bills")] {
                let result = try await stage.stage.run(
                    ["doctor", "--token"] + binding,
                    environment: stage.forwarding
                )
                XCTAssertEqual(result.status, 0, result.output + result.errors)
                XCTAssertTrue(
                    result.output.contains(
                        "proof with a token: assumed arn:aws:sts::123456789012:assumed-role/\(role)/"
                    ),
                    result.output
                )
                XCTAssertFalse(result.output.contains("×") || result.output.contains("- "), result.output)
            }
            // Where no port can be forwarded, that is said, and nothing else.
            let result = try await stage.stage.run(["doctor", "-o", "json"] + SetupStage.binding)
            XCTAssertEqual(result.status, 0, result.output)
            let skipped = try self.checks(result.output).filter { $0.state == "skipped" }
            XCTAssertEqual(skipped.map(\.name), ["served certificate", "proof with a token"])
            XCTAssertTrue(skipped.first?.detail.contains("kubectl port-forward does not work") ?? false)
        }
    }

    func testAFleetIsExaminedBindingByBinding() async throws {
        try await withStage { stage in
            for result in try await stage.heal() { XCTAssertEqual(result.status, 0, result.errors) }
            func examine(role: String) async throws -> ToolResult {
                let fleet = try stage.stage.write(
                    "fleet.json",
                    #"{"apiVersion": "gtoken/v1", "defaults": {"project": "demo-project", "clusterName": "main", "#
                        + #""clusterLocation": "europe-west1", "namespace": "shop"}, "bindings": ["#
                        + #"{"serviceAccount": "orders", "googleServiceAccount": "orders-gsa", "role": "orders", "#
                        + #""policies": ["AmazonSQSFullAccess"]}, "#
                        + #"{"serviceAccount": "bills", "identity": "cluster", "role": "\#(role)", "#
                        + #""policies": ["AmazonSQSFullAccess"]}]}"#
                )
                return try await stage.stage.run(
                    ["doctor", "-o", "json", "--file=\(fleet)"],
                    environment: stage.forwarding
                )
            }
            let healthy = try await examine(role: "bills")
            XCTAssertEqual(healthy.status, 0, healthy.output + healthy.errors)
            XCTAssertEqual(
                try self.checks(healthy.output).count { $0.name == "trust policy" && $0.state == "ok" },
                2
            )
            // What is wrong with one says nothing of the other.
            let sick = try await examine(role: "nobody")
            XCTAssertEqual(sick.status, 1, sick.output + sick.errors)
            let checks = try self.checks(sick.output)
            XCTAssertEqual(checks.first { $0.state == "failed" }?.name, "AWS role")
            XCTAssertEqual(checks.count { $0.name == "trust policy" && $0.state == "ok" }, 1, sick.output)
        }
    }

    func testEachPlantedFaultIsNamedWithItsHint() async throws {
        try await withStage { stage in
            for result in try await stage.heal() { XCTAssertEqual(result.status, 0, result.errors) }
            for fault in try DoctorFault.all() {
                try fault.plant(stage)
                let result = try await stage.stage.run(
                    ["doctor", "-o", "json"] + fault.arguments + fault.binding,
                    environment: stage.forwarding.merging(fault.environment) { _, new in new }
                )
                XCTAssertEqual(
                    result.status,
                    fault.state == "failed" ? 1 : 0,
                    "\(fault.check): \(result.output)"
                )
                let checks = try self.checks(result.output)
                let first = checks.first { $0.state == "failed" || $0.state == "warning" }
                XCTAssertEqual(first?.name, fault.check, result.output)
                XCTAssertEqual(first?.state, fault.state, fault.check)
                XCTAssertTrue(
                    first?.detail.contains(fault.detail) ?? false,
                    "\(fault.check): \(first?.detail ?? "")"
                )
                XCTAssertTrue(
                    first?.hint.contains(fault.hint) ?? false,
                    "\(fault.check): \(first?.hint ?? "")"
                )
                XCTAssertTrue(checks.allSatisfy { $0.state != "failed" || !$0.hint.isEmpty }, result.output)
                try fault.undo(stage)
            }
            let healthy = try await stage.stage.run(
                ["doctor"] + SetupStage.binding,
                environment: stage.forwarding
            )
            XCTAssertEqual(healthy.status, 0, "everything is put back: \(healthy.output)")
        }
    }
}
