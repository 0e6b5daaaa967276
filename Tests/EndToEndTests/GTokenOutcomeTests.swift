import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// How the built gtoken ends, and what it leaves behind.
final class GTokenOutcomeTests: XCTestCase {
    private struct Run {
        let process: ChildProcess
        let folder: TemporaryDirectory

        var output: String { folder.text("gtoken.out") }
        var errors: String { folder.text("gtoken.log") }
        var tokenPath: String { folder.file("token/gtoken") }
        var token: String { folder.text("token/gtoken") }

        func status(within timeout: Duration = .seconds(20)) async throws -> Int32 {
            try await eventually("gtoken ends", within: timeout) { process.exitStatus() }
        }
    }

    private func start(
        _ arguments: [String],
        server: MetadataServer? = nil,
        environment: [String: String] = [:],
        folder: TemporaryDirectory? = nil
    ) throws -> Run {
        let folder = try folder ?? TemporaryDirectory()
        var environment = environment
        environment["GCE_METADATA_HOST"] = "127.0.0.1:\(server?.port ?? 1)"
        let arguments = arguments.map {
            $0.replacingOccurrences(of: "TOKEN", with: folder.file("token/gtoken"))
        }
        let process = try ChildProcess(
            [BuiltTool.path("gtoken")] + arguments,
            environment: environment,
            standardOutput: .file(folder.file("gtoken.out")),
            standardError: .file(folder.file("gtoken.log"))
        )
        return Run(process: process, folder: folder)
    }

    private func withServer(
        _ change: (inout GoogleBehaviour) -> Void = { _ in },
        _ body: (MetadataServer) async throws -> Void
    ) async throws {
        let server = try MetadataServer(change)
        do { try await body(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func claims(_ token: String) throws -> JWTClaims { try UnverifiedJWT(parsing: token).claims }

    func testPrintsTheTokenAndNothingElseWithoutAFile() async throws {
        try await withServer { server in
            for arguments in [[], ["--file=-"], ["--file="], ["--file", "/dev/stdout"]] {
                let run = try start(
                    arguments + ["--audience=a/b c".replacing(" ", with: "&")],
                    server: server
                )
                let status = try await run.status()
                XCTAssertEqual(status, 0, run.errors)
                XCTAssertEqual(try claims(run.output).audience, ["a/b&c"])
            }
        }
    }

    func testRefreshWithoutAFilePrintsALineForEachToken() async throws {
        try await withServer({ $0.tokenLifetime = .seconds(2) }) { server in
            let run = try start(["--refresh"], server: server)
            let lines = try await eventually("two lines") {
                let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
                return lines.count > 2 ? lines : nil
            }
            run.process.send(signal: SIGINT)
            let status = try await run.status()
            XCTAssertEqual(status, 0)
            XCTAssertNotEqual(lines[0], lines[1])
            for line in lines.prefix(2) { XCTAssertNoThrow(try claims(String(line))) }
        }
    }

    func testHasPatienceWithAServerThatIsStarting() async throws {
        let answers: [HTTPResponse] = [
            .text("starting\n", status: 503), .text("not yet\n", status: 403),
            .text("not yet\n", status: 404),
            .text("slow down\n", status: 429),
        ]
        for answer in answers {
            let behaviour: (inout GoogleBehaviour) -> Void = {
                $0.requestsUntilReady = 2
                $0.notReadyAnswer = answer
            }
            try await withServer(behaviour) { server in
                let run = try start(["--file=TOKEN"], server: server)
                let status = try await run.status()
                XCTAssertEqual(status, 0, run.errors)
                XCTAssertEqual(server.identityRequests, 3)
            }
        }
    }

    func testGivesUpWithTheServersOwnWordsAndAHint() async throws {
        try await withServer({ $0.isAnnotated = false }) { server in
            let run = try start(["--file=TOKEN", "--refresh", "--startup-timeout=300ms"], server: server)
            let status = try await run.status()
            XCTAssertEqual(status, 77)
            XCTAssertTrue(run.errors.contains("gtoken: error: no ID token: http://127.0.0.1:"), run.errors)
            XCTAssertTrue(run.errors.contains("(cap/app) is not annotated with a target Google service"))
            XCTAssertTrue(run.errors.contains("hint: "))
            XCTAssertFalse(FileManager.default.fileExists(atPath: run.tokenPath))
        }
        let run = try start(["--startup-timeout=0s"])
        let status = try await run.status()
        XCTAssertEqual(status, 69)
        XCTAssertTrue(run.errors.contains("Connection refused"), run.errors)
    }

    func testAfterARestartTheOldTokenServesWhileTheServerIsAway() async throws {
        let folder = try TemporaryDirectory()
        try await withServer { server in
            let status = try await start(["--file=TOKEN"], server: server, folder: folder).status()
            XCTAssertEqual(status, 0)
        }
        let token = folder.text("token/gtoken")
        let run = try start(["--file=TOKEN", "--refresh", "--startup-timeout=0s"], folder: folder)
        _ = try await eventually("a failed refresh") {
            run.errors.contains("still valid; asking") ? true : nil
        }
        XCTAssertNil(run.process.exitStatus())
        XCTAssertEqual(run.token, token)
        run.process.send(signal: SIGTERM)
        let status = try await run.status()
        XCTAssertEqual(status, 0)
    }

    func testAFileThatCannotBeWrittenIsAConfigurationError() async throws {
        try await withServer { server in
            for path in ["/dev/null", "/proc/gtoken", "/"] {
                let run = try start(["--file=\(path)", "--refresh"], server: server)
                let status = try await run.status()
                XCTAssertEqual(status, 78, path)
                XCTAssertTrue(run.errors.contains("gtoken: error: the token cannot be written: "), run.errors)
            }
        }
    }

    func testCheckSaysWhetherATokenIsValid() async throws {
        let folder = try TemporaryDirectory()
        try await withServer { server in
            let status = try await start(["--file=TOKEN"], server: server, folder: folder).status()
            XCTAssertEqual(status, 0)
        }
        func check(_ arguments: String...) async throws -> Int32 {
            try await start(["check"] + arguments, folder: folder).status()
        }
        let expired = #"{"exp":1000}"#
        let cases: [(String, Int32, String)] = [
            ("", 1, "the token is empty"), ("garbage", 1, "3"),
            ("eyJhbGciOiJSUzI1NiJ9.\(Base64URL.encode(Array(expired.utf8))).c2ln", 1, "expired at 1970"),
            ("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", 1, "no expiry"), (folder.text("token/gtoken") + "\n", 0, ""),
        ]
        for (text, expected, words) in cases {
            let path = try folder.write("other", Array(text.utf8))
            let status = try await check("--file=\(path)")
            XCTAssertEqual(status, expected, text)
            XCTAssertTrue(
                words.isEmpty || folder.text("gtoken.log").contains(words),
                folder.text("gtoken.log")
            )
        }
        let valid = try await check("--file", folder.file("token/gtoken"), "--min-ttl=30m")
        XCTAssertEqual(valid, 0)
        let short = try await check("--file", folder.file("token/gtoken"), "--min-ttl=2h")
        XCTAssertEqual(short, 1)
        let absent = try await check("--file=/nowhere")
        XCTAssertEqual(absent, 1)
        let directory = try await check("--file=/")
        XCTAssertEqual(directory, 1)
        let unnamed = try await check()
        XCTAssertEqual(unnamed, 78)
    }

    func testExplainsItself() async throws {
        let cases: [([String], [String: String], Int32, String, String)] = [
            (["--version"], [:], 0, "gtoken ", ""), (["-v"], [:], 0, "gtoken ", ""),
            (["--help"], [:], 0, "--refresh", ""), (["help", "check"], [:], 0, "--min-ttl", ""),
            (["--fiel=x"], [:], 64, "", "did you mean --file?\nhint: see 'gtoken --help'"),
            (["--refresh", "false"], [:], 64, "", "--refresh=false"),
            ([], ["GTOKEN_REFRESH": "maybe"], 78, "", "environment variable GTOKEN_REFRESH: 'maybe'"),
            (["--metadata-host=a/b"], [:], 78, "", "--metadata-host"),
        ]
        for (arguments, environment, expected, output, errors) in cases {
            let run = try start(arguments, environment: environment)
            let status = try await run.status()
            XCTAssertEqual(status, expected, "\(arguments)")
            XCTAssertTrue(output.isEmpty || run.output.contains(output), run.output)
            XCTAssertTrue(errors.isEmpty || run.errors.contains(errors), run.errors)
        }
    }
}
