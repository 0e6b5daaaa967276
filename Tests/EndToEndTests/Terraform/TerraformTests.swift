import Foundation
import GTokenCore
import GTokenEmulator
import TestSupport
import XCTest

/// `gtokenctl terraform`, held against files that people have read, and against what it is told.
final class TerraformTests: XCTestCase {
    private static let google = ["versions", "variables", "main", "bindings", "outputs"].map {
        "google/\($0).tf"
    }
    private static let files =
        ["main.tf", "variables.tf", "outputs.tf"]
        + ["versions", "variables", "main", "bindings", "outputs"].map { "aws/\($0).tf" } + google

    /// Nobody can be asked.
    private static let offline = [
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM": "http://127.0.0.1:1/",
    ]

    private func withStage(_ body: (SetupStage) async throws -> Void) async throws {
        let stage = try await SetupStage()
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        await stage.stop()
        try result.get()
    }

    private func golden(_ file: String) throws -> String {
        String(decoding: try Fixture.bytes("Terraform/Golden/\(file)", in: .module), as: UTF8.self)
    }

    /// To see them changed: `gtokenctl terraform --file=fleet.json --output-dir=Golden` in the fixtures' folder.
    func testTheFilesAreThoseThatPeopleHaveRead() async throws {
        try await withStage { stage in
            let (file, folder) = (try stage.writeFleet(), stage.path("made"))
            // The second run replaces what the first wrote.
            for _ in 1...2 {
                let result = try await stage.run(
                    ["terraform", "--file=\(file)", "--output-dir=\(folder)"],
                    environment: Self.offline
                )
                XCTAssertEqual(result.status, 0, result.errors)
                XCTAssertEqual(result.output, Self.files.map { "\(folder)/\($0)\n" }.joined())
            }
            for file in Self.files {
                let written = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
                XCTAssertEqual(written, try golden(file), file)
            }
        }
    }

    func testWithoutAFolderTheSameFilesArePrinted() async throws {
        try await withStage { stage in
            let file = try stage.writeFleet()
            let text = try await stage.run(["terraform", "--file=\(file)"], environment: Self.offline)
            XCTAssertEqual(text.status, 0, text.errors)
            XCTAssertEqual(
                text.output,
                try Self.files.map { "# \($0)\n\n\(try golden($0))" }.joined(separator: "\n")
            )
            let json = try await stage.run(
                ["terraform", "--file=\(file)", "-o", "json"],
                environment: Self.offline
            )
            XCTAssertEqual(json.status, 0, json.errors)
            let files = try XCTUnwrap(JSONDocument(Array(json.output.utf8)).root["files"]).elements.map { $0 }
            XCTAssertEqual(files.map { $0["path"]?.string() }, Self.files)
            XCTAssertEqual(files.map { $0["text"]?.string() }, try Self.files.map { try golden($0) })
        }
    }

    func testAFileOfSomebodyElseStaysAndNothingIsWrittenBesideIt() async throws {
        try await withStage { stage in
            let (file, folder) = (try stage.writeFleet(), stage.path("made"))
            for theirs in ["main.tf", "google/outputs.tf"] {
                let path = try stage.write("made/\(theirs)", "# mine\n")
                let result = try await stage.run(
                    ["terraform", "--file=\(file)", "--output-dir=\(folder)"],
                    environment: Self.offline
                )
                XCTAssertEqual(result.status, 78)
                XCTAssertTrue(
                    result.errors.contains("\(path): gtokenctl did not write the file that is there\nhint:"),
                    result.errors
                )
                XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "# mine\n")
                XCTAssertFalse(FileManager.default.fileExists(atPath: "\(folder)/aws"))
                try FileManager.default.removeItem(atPath: path)
            }
        }
    }

    func testClusterIdentityAloneNeedsNothingOfGoogle() async throws {
        try await withStage { stage in
            let result = try await stage.run(
                [
                    "terraform", "-o", "json", "--identity=cluster", "--project=demo-project",
                    "--cluster-name=main",
                    "--cluster-location=europe-west1", "--namespace=shop", "--service-account=orders",
                    "--aws-role=orders",
                ],
                environment: Self.offline
            )
            XCTAssertEqual(result.status, 0, result.errors)
            let files = try XCTUnwrap(JSONDocument(Array(result.output.utf8)).root["files"]).elements.map {
                ($0["path"]?.string() ?? "", $0["text"]?.string() ?? "")
            }
            XCTAssertEqual(files.map(\.0), Self.files.filter { !Self.google.contains($0) })
            let texts = Dictionary(uniqueKeysWithValues: files)
            XCTAssertFalse(try XCTUnwrap(texts["main.tf"]).contains("google"))
            XCTAssertTrue(
                try XCTUnwrap(texts["aws/variables.tf"]).contains(
                    "type        = map(string)\n  default     = {}"
                )
            )
        }
    }

    func testUniqueIDsAreGivenOrAskedForOrLeftToTheGoogleModule() async throws {
        let (app, orders) = (
            "app@demo-project.iam.gserviceaccount.com", "orders-gsa@demo-project.iam.gserviceaccount.com"
        )
        let id = "104387266351829007741"
        try await withStage { stage in
            let fleet = try stage.writeFleet()
            let one = Array(SetupStage.binding.filter { !$0.contains("google-service-account") })
            let cases: [(arguments: [String], environment: [String: String], status: Int32, said: String)] = [
                // Google is asked, and nobody else.
                (
                    one + ["--google-service-account=\(app)", "--ask-google"], [:], 0,
                    "\"\(app)\" = \"\(id)\""
                ),
                (
                    one + ["--google-service-account=\(app)", "--google-unique-id=\(id)"], Self.offline, 0,
                    "\"\(app)\" = \"\(id)\""
                ),
                (
                    ["--file=\(fleet)", "--google-unique-id=\(orders)=\(id)"], Self.offline, 78,
                    "that of bills-gsa@demo-project.iam.gserviceaccount.com is not\nhint: give all of them"
                ),
                (["--file=\(fleet)", "--google-unique-id=\(id)"], Self.offline, 78, "hint: say whose it is"),
                (
                    ["--file=\(fleet)", "--google-unique-id=\(app)=\(id)"], Self.offline, 78,
                    "no binding has the Google service account \(app)"
                ),
                (
                    ["--file=\(fleet)", "--ask-google"], [:], 77,
                    "there is no Google service account \(orders)"
                ),
                (["--file=\(fleet)", "--google-unique-id=12"], Self.offline, 64, "--google-unique-id"),
            ]
            for (arguments, environment, status, said) in cases {
                let result = try await stage.run(["terraform"] + arguments, environment: environment)
                XCTAssertEqual(result.status, status, "\(arguments): \(result.errors)")
                XCTAssertTrue(
                    (result.output + result.errors).contains(said),
                    "\(arguments): \(result.errors)"
                )
            }
        }
    }
}
