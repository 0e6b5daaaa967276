import Foundation
import GTokenCore
import GTokenEmulator
import GTokenRuntime
import TestSupport
import XCTest

/// The built `gtoken credential-process`.
final class CredentialProcessTests: XCTestCase {
    private struct Run {
        let process: ChildProcess
        let folder: TemporaryDirectory

        func end() async throws -> (status: Int32, document: [UInt8], errors: String) {
            let status = try await eventually("gtoken ends", within: .seconds(60)) { process.exitStatus() }
            return (status, Array(folder.text("credentials.json").utf8), folder.text("process.log"))
        }
    }

    private func start(
        _ service: TokenService,
        _ arguments: [String],
        cache: String,
        environment: [String: String] = [:]
    ) throws -> Run {
        let folder = try TemporaryDirectory()
        let process = try ChildProcess(
            [BuiltTool.path("gtoken"), "credential-process"] + arguments,
            environment: service.environment.merging(["GTOKEN_CACHE_DIR": cache]) { $1 }
                .merging(environment) { $1 },
            // A credential, where the search for secrets in what is printed does not look.
            standardOutput: .file(folder.file("credentials.json")),
            standardError: .file(folder.file("process.log"))
        )
        return Run(process: process, folder: folder)
    }

    private func keyID(_ document: [UInt8]) throws -> String {
        try XCTUnwrap(JSONDocument(document).root["AccessKeyId"]?.string())
    }

    func testPrintsWhatSDKsRead() async throws {
        try await withTokenService { service in
            let folder = try TemporaryDirectory()
            let run = try await start(service, ["--duration=15m"], cache: folder.file("c")).end()
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertEqual(run.errors, "")
            let root = try JSONDocument(run.document).root
            XCTAssertEqual(
                root.members.map(\.name),
                ["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "AccountId"]
            )
            XCTAssertEqual(root["Version"]?.integer(), 1)
            XCTAssertEqual(root["AccountId"]?.string(), "123456789012")
            let end = try XCTUnwrap(root["Expiration"]?.string().flatMap { UnixTime(rfc3339: $0) })
            XCTAssertTrue((.seconds(890) ... .seconds(901)) ~= end.duration(since: WallClock.now()))
        }
    }

    func testManyAtTheSameTimeMakeOneExchange() async throws {
        try await withTokenService { service in
            let folder = try TemporaryDirectory()
            let cache = folder.file("deep/cache")
            service.aws.setDelay(.milliseconds(200))
            let runs = try (0..<12).map { _ in try start(service, [], cache: cache) }
            var keys: Set<String> = []
            for run in runs {
                let end = try await run.end()
                XCTAssertEqual(end.status, 0, end.errors)
                keys.insert(try keyID(end.document))
            }
            XCTAssertEqual(keys.count, 1)
            XCTAssertEqual(service.exchanges, 1)
            let mode = try FileManager.default.attributesOfItem(atPath: cache)[.posixPermissions] as? Int
            XCTAssertEqual(mode, 0o700)
            let other = try await start(service, ["--session-name=other"], cache: cache).end()
            XCTAssertFalse(keys.contains(try keyID(other.document)))
        }
    }

    func testCredentialsAreRenewedBeforeTheyEndAndTheTokenFileIsReadAgain() async throws {
        try await withTokenService { service in
            let folder = try TemporaryDirectory()
            let audience = TokenSourceConfiguration.defaultAudience
            let first = try service.metadata.google.idToken(audience: audience)
            let token = try folder.write("token", Array(first.utf8))
            service.limitSessions(to: .seconds(3))
            let file = ["--file=\(token)"]
            let old = try await start(service, file, cache: folder.file("c")).end()
            XCTAssertEqual(old.status, 0, old.errors)
            _ = try folder.write("token", Array("garbage".utf8))
            let again = try await eventually("new ones are due", within: .seconds(30)) {
                // Each run answers from the cache until they are.
                let process = try start(service, file, cache: folder.file("c"))
                return process.process.waitBlocking() == 0 ? nil : process
            }
            XCTAssertTrue(again.folder.text("process.log").contains("token: the token"))
            let second = try service.metadata.google.idToken(audience: audience)
            _ = try folder.write("token", Array(second.utf8))
            let new = try await start(service, file, cache: folder.file("c")).end()
            XCTAssertNotEqual(try keyID(new.document), try keyID(old.document))
        }
    }

    func testGoesOnToASecondRole() async throws {
        try await withTokenService { service in
            let folder = try TemporaryDirectory()
            let run = try await start(
                service,
                ["--chain-role-arn", TokenService.secondRole, "--tag=team=reports"],
                cache: folder.file("c")
            ).end()
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertEqual(try JSONDocument(run.document).root["AccountId"]?.string(), "210987654321")
        }
    }

    func testSaysWhyAndWhatToDo() async throws {
        try await withTokenService { service in
            let folder = try TemporaryDirectory()
            let open = folder.file("open")
            try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: open)
            let cases: [([String], ExitCode, String, String)] = [
                (
                    ["--role-arn=\(TokenService.role)-not"], .refused,
                    "cannot assume \(TokenService.role)-not: AWS STS answered AssumeRoleWithWebIdentity with 403 AccessDenied: Not authorized",
                    "'gtoken inspect'"
                ),
                (
                    ["--chain-role-arn=\(TokenService.secondRole)"], .refused,
                    "cannot assume \(TokenService.secondRole) as \(TokenService.role): AWS STS answered AssumeRole with 403",
                    "sts:TagSession"
                ),
                (
                    ["--file=\(folder.file("none"))"], .configuration, "no ID token: \(folder.file("none"))",
                    "--file"
                ),
                (
                    ["--cache-dir=\(open)"], .configuration, "credentials cannot be kept: \(open): others",
                    "--no-cache"
                ),
                (
                    ["--sts-endpoint=http://sts.eu-west-1.amazonaws.com"], .configuration,
                    "--sts-endpoint: http://sts.eu-west-1.amazonaws.com/ would be asked without", "use https"
                ),
                (["--sts-endpoint=http://127.0.0.1:1"], .unavailable, "cannot assume", "--region"),
            ]
            for (arguments, code, message, hint) in cases {
                let run = try await start(service, arguments, cache: folder.file("c")).end()
                XCTAssertEqual(run.status, code.rawValue, "\(arguments): \(run.errors)")
                XCTAssertEqual(run.document, [])
                XCTAssertTrue(run.errors.hasPrefix("gtoken: error: \(message)"), run.errors)
                XCTAssertTrue(run.errors.contains("\nhint: ") && run.errors.contains(hint), run.errors)
            }
        }
    }
}
