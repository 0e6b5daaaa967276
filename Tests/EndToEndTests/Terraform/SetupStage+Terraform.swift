import GTokenCore
import TestSupport
import XCTest

extension SetupStage {
    /// Writes the fixtures' fleet; answers its path.
    func writeFleet() throws -> String {
        let fleet = try Fixture.bytes("Terraform/fleet.json", in: .module)
        return try write("fleet.json", String(decoding: fleet, as: UTF8.self))
    }

    /// Has that fleet written as Terraform modules; answers their folder.
    func writeTerraform(_ arguments: [String] = []) async throws -> String {
        let folder = path("terraform")
        let result = try await run(
            ["terraform", "--file=\(try writeFleet())", "--output-dir=\(folder)"] + arguments
        )
        XCTAssertEqual(result.status, 0, result.errors)
        return folder
    }

    /// Runs terraform in a folder; it is not to ask who has a newer one.
    func terraform(
        in folder: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> ToolResult {
        try await run(
            program: ["terraform", "-chdir=\(folder)"] + arguments,
            environment: environment.merging(["CHECKPOINT_DISABLE": "1"]) { $1 }
        )
    }
}
