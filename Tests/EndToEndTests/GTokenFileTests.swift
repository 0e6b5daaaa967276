import Foundation
import GTokenCore
import GTokenEmulator
import GTokenRuntime
import TestSupport
import XCTest

/// The built gtoken and its file: mode, links, leftovers, and the time that a token must have.
final class GTokenFileTests: XCTestCase {
    private let files = FileManager.default

    /// Runs gtoken to its end beside a metadata server; answers the status and what it said.
    private func run(
        _ arguments: [String],
        in folder: TemporaryDirectory,
        environment: [String: String] = [:],
        _ behave: (inout GoogleBehaviour) -> Void = { _ in }
    ) async throws -> (status: Int32, errors: String) {
        let server = try MetadataServer(behave)
        var environment = environment
        environment["GCE_METADATA_HOST"] = "127.0.0.1:\(server.port)"
        let process = try ChildProcess(
            [BuiltTool.path("gtoken")] + arguments,
            environment: environment,
            standardOutput: .file(folder.file("gtoken.out")),
            standardError: .file(folder.file("gtoken.log"))
        )
        let status = try await eventually("gtoken ends") { process.exitStatus() }
        await server.stop()
        return (status, folder.text("gtoken.log"))
    }

    func testTheFileHasTheModeThatWasAskedFor() async throws {
        let cases: [([String], [String: String], Int)] = [
            ([], [:], 0o644), (["--file-mode=0640"], [:], 0o640), (["--file-mode", "400"], [:], 0o400),
            ([], ["GTOKEN_FILE_MODE": "0600"], 0o600),
        ]
        for (arguments, environment, mode) in cases {
            let folder = try TemporaryDirectory()
            let path = folder.file("gtoken")
            let run = try await run(["--file", path] + arguments, in: folder, environment: environment)
            XCTAssertEqual(run.status, 0, run.errors)
            let attributes = try files.attributesOfItem(atPath: path)
            XCTAssertEqual(attributes[.posixPermissions] as? Int, mode)
        }
    }

    func testAModeThatLetsOthersWriteIsRefused() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("gtoken")
        let byOption = try await run(["--file", path, "--file-mode=0666"], in: folder)
        XCTAssertEqual(byOption.status, ExitCode.usage.rawValue)
        XCTAssertTrue(byOption.errors.contains("--file-mode: '0666' cannot be used"), byOption.errors)
        let byVariable = try await run(["--file", path], in: folder, environment: ["GTOKEN_FILE_MODE": "rw"])
        XCTAssertEqual(byVariable.status, ExitCode.configuration.rawValue)
        XCTAssertFalse(files.fileExists(atPath: path))
    }

    func testALinkIsReplacedAndALeftoverRemoved() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("volume/gtoken")
        _ = try folder.write("elsewhere", Array("untouched".utf8))
        _ = try folder.write("volume/.gtoken.0123456789abcdef", Array("half a tok".utf8))
        try files.createSymbolicLink(atPath: path, withDestinationPath: "../elsewhere")
        let run = try await run(["--file", path], in: folder)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(folder.text("elsewhere"), "untouched")
        XCTAssertEqual(try files.contentsOfDirectory(atPath: folder.file("volume")), ["gtoken"])
        XCTAssertNoThrow(try UnverifiedJWT(parsing: folder.text("volume/gtoken")))
    }

    func testALeftoverIsRemovedThoughNoTokenComes() async throws {
        let folder = try TemporaryDirectory()
        _ = try folder.write(".gtoken.0123456789abcdef", Array("half a tok".utf8))
        let arguments = ["--file", folder.file("gtoken"), "--startup-timeout=0s"]
        let run = try await run(arguments, in: folder) { $0.isAnnotated = false }
        XCTAssertEqual(run.status, ExitCode.refused.rawValue)
        XCTAssertEqual(folder.names, ["gtoken.log", "gtoken.out"])
    }

    func testATokenShorterThanAskedForIsTakenInTheEndAndSaid() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("gtoken")
        let arguments = ["--file", path, "--min-ttl=10m", "--startup-timeout=1s"]
        let run = try await run(arguments, in: folder) {
            $0.tokenAge = .seconds(3300)
            $0.cachesUntilLeft = .seconds(60)
        }
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertTrue(run.errors.contains("no token with the minimum time left yet"), run.errors)
        XCTAssertTrue(run.errors.contains("min-ttl=10m0s"), run.errors)
        // A probe that wants as much says so; one that wants less does not.
        let strict = try await self.run(["check", "--file", path, "--min-ttl=10m"], in: folder)
        XCTAssertEqual(strict.status, ExitCode.unwell.rawValue)
        XCTAssertTrue(strict.errors.contains("in less than 10m0s\nhint: "), strict.errors)
        let variable = try await self.run(
            ["check", "--file", path],
            in: folder,
            environment: ["GTOKEN_MIN_TTL": "10m"]
        )
        XCTAssertEqual(variable.status, ExitCode.unwell.rawValue)
        let lenient = try await self.run(["check", "--file", path, "--min-ttl=4m"], in: folder)
        XCTAssertEqual(lenient.status, 0, lenient.errors)
        XCTAssertEqual(lenient.errors, "")
    }

    func testTheFallbackKeepsTheFileFreshWhereTheServerKeepsItsToken() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("gtoken")
        // Its token lives for half a minute, and it hands out the same one until the end.
        let server = try MetadataServer {
            $0.tokenLifetime = .seconds(30)
            $0.cachesUntilLeft = .zero
        }
        let process = try ChildProcess(
            [BuiltTool.path("gtoken"), "--file", path, "--refresh", "--min-ttl=25s", "--allow-iam-fallback"],
            environment: [
                "GCE_METADATA_HOST": "127.0.0.1:\(server.port)",
                "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS": "http://127.0.0.1:\(server.port)",
            ],
            standardError: .file(folder.file("gtoken.log"))
        )
        var tokens: [String] = []
        _ = try await eventually("the second token") {
            let text = folder.text("gtoken")
            if let last = tokens.last {
                let left = try XCTUnwrap(UnverifiedJWT(parsing: last).claims.timeLeft(at: WallClock.now()))
                XCTAssertGreaterThan(left, .zero)
            }
            if !text.isEmpty, text != tokens.last { tokens.append(text) }
            return tokens.count == 2 ? true : nil
        }
        let asked = server.google.journal.entries.filter { $0.path.hasSuffix(":generateIdToken") }
        XCTAssertGreaterThanOrEqual(asked.count, 1, folder.text("gtoken.log"))
        XCTAssertTrue(
            folder.text("gtoken.log").contains("the token is the fallback's"),
            folder.text("gtoken.log")
        )
        process.send(signal: SIGTERM)
        let status = try await eventually("gtoken ends") { process.exitStatus() }
        XCTAssertEqual(status, 0)
        await server.stop()
    }

    func testAProbeSaysThatThereIsNoTokenYet() async throws {
        let folder = try TemporaryDirectory()
        let run = try await run(["check", "--file", folder.file("gtoken")], in: folder)
        XCTAssertEqual(run.status, ExitCode.unwell.rawValue)
        XCTAssertTrue(run.errors.hasPrefix("gtoken: error: "), run.errors)
        XCTAssertTrue(
            run.errors.contains("No such file or directory\nhint: no token has been written"),
            run.errors
        )
    }
}
