import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// The built gtoken against a metadata server on loopback.
final class GTokenTests: XCTestCase {
    private var folder: TemporaryDirectory!

    override func setUpWithError() throws { folder = try TemporaryDirectory() }

    // XCTest keeps its cases to the end.
    override func tearDown() { folder = nil }

    private func start(_ server: MetadataServer?, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            [BuiltTool.path("gtoken")] + arguments,
            environment: server.map { ["GCE_METADATA_HOST": "127.0.0.1:\($0.port)"] } ?? [:],
            standardOutput: .file(folder.file("gtoken.out")),
            standardError: .file(folder.file("gtoken.log"))
        )
    }

    /// Runs it to its end; answers the exit status.
    private func run(_ server: MetadataServer?, _ arguments: String...) async throws -> Int32 {
        let process = try start(server, arguments)
        return try await eventually("gtoken ends") { process.exitStatus() }
    }

    /// Runs `body` beside a metadata server; no token is ever found in the log.
    private func withServer(
        _ behave: (inout GoogleBehaviour) -> Void = { _ in },
        _ body: (MetadataServer) async throws -> Void
    ) async throws {
        let server = try MetadataServer(behave)
        do {
            try await body(server)
        } catch {
            XCTFail("\(error)\n\(folder.text("gtoken.log"))")
        }
        XCTAssertFalse(folder.text("gtoken.log").contains("eyJ"), "a token in the log")
        await server.stop()
    }

    private func token(_ name: String = "token") throws -> UnverifiedJWT {
        try UnverifiedJWT(parsing: folder.text(name))
    }

    func testWritesATokenToAFileForEverybodyToRead() async throws {
        try await withServer { server in
            let status = try await run(server, "--file=\(folder.file("token"))")
            XCTAssertEqual(status, 0)
            let claims = try token().claims
            XCTAssertEqual(claims.audience, ["gtoken/sts/assume-role-with-web-identity"])
            XCTAssertEqual(claims.issuer, "https://accounts.google.com")
            XCTAssertEqual(claims.authorizedParty, "104387266351829007741")
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("token"))
            XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o644)
            XCTAssertEqual(server.identityRequests, 1, "one request for each token")
            XCTAssertEqual(folder.text("gtoken.out"), "")
        }
    }

    func testPrintsATokenWhereThereIsNoFile() async throws {
        try await withServer { server in
            let status = try await run(server, "--audience", "https://example.com")
            XCTAssertEqual(status, 0)
            XCTAssertEqual(try token("gtoken.out").claims.audience, ["https://example.com"])
        }
    }

    func testTheGoProjectsFormsAreUnderstood() async throws {
        try await withServer { server in
            for arguments in [
                ["--file", folder.file("token")], ["--file=\(folder.file("token"))", "--refresh=false"],
            ] {
                let process = try start(server, arguments)
                let status = try await eventually("gtoken ends") { process.exitStatus() }
                XCTAssertEqual(status, 0, "\(arguments)")
                XCTAssertNoThrow(try token())
            }
        }
        for (argument, text) in [
            ("--version", "gtoken"), ("-v", "gtoken"), ("--help", "--refresh"), ("-h", "--file"),
        ] {
            let status = try await run(nil, argument)
            XCTAssertEqual(status, 0)
            XCTAssertTrue(folder.text("gtoken.out").contains(text), argument)
        }
    }

    func testWrongUsageIsRefusedWithTheOptionsName() async throws {
        for (arguments, expected) in [
            (["--fil=x"], "--file"), (["--refresh=maybe"], "--refresh"), (["nonsense"], "nonsense"),
            (["--file"], "--file"),
        ] {
            let process = try start(nil, arguments)
            let status = try await eventually("gtoken ends") { process.exitStatus() }
            XCTAssertEqual(status, ExitCode.usage.rawValue, "\(arguments)")
            XCTAssertTrue(folder.text("gtoken.log").contains(expected), folder.text("gtoken.log"))
            XCTAssertTrue(folder.text("gtoken.log").hasPrefix("gtoken: error: "), folder.text("gtoken.log"))
        }
    }

    func testAServerThatIsNotReadyYetIsAskedAgain() async throws {
        try await withServer({ $0.requestsUntilReady = 3 }) { server in
            let status = try await run(server, "--file=\(folder.file("token"))")
            XCTAssertEqual(status, 0)
            XCTAssertEqual(server.identityRequests, 4)
        }
    }

    func testAServerThatIsNotThereYetIsWaitedFor() async throws {
        let server = try MetadataServer()
        let (port, google) = (server.port, server.google)
        await server.stop()
        let process = try ChildProcess(
            [BuiltTool.path("gtoken"), "--file=\(folder.file("token"))"],
            environment: ["GCE_METADATA_HOST": "127.0.0.1:\(port)"],
            standardError: .file(folder.file("gtoken.log"))
        )
        try await Task.sleep(for: .milliseconds(200))
        XCTAssertNil(process.exitStatus(), folder.text("gtoken.log"))
        let group = try EventLoopGroup(count: 1)
        let again = HTTPServer(
            address: try SocketAddress(listening: "127.0.0.1:\(port)"),
            loops: group.loops
        ) { await google.respond(to: $0) }
        _ = try again.start()
        let serving = Task(executorPreference: group.loops[0]) { try await again.run() }
        let status = try await eventually("gtoken ends") { process.exitStatus() }
        XCTAssertEqual(status, 0, folder.text("gtoken.log"))
        serving.cancel()
        _ = await serving.result
        group.shutdown()
    }

    func testWhatTheServerSaysReachesTheUser() async throws {
        try await withServer({ $0.isAnnotated = false }) { server in
            let status = try await run(server, "--startup-timeout=1s", "--file=\(folder.file("token"))")
            XCTAssertNotEqual(status, 0)
            XCTAssertTrue(
                folder.text("gtoken.log").contains("is not annotated with a target Google service account"),
                folder.text("gtoken.log")
            )
            XCTAssertFalse(FileManager.default.fileExists(atPath: folder.file("token")))
        }
    }

    func testRefreshGoesOnAndEndsAtOnceWhenAsked() async throws {
        try await withServer { server in
            let process = try start(server, ["--refresh", "--file=\(folder.file("token"))"])
            let folder = folder!
            _ = try await eventually("the token is written") { folder.text("token").isEmpty ? nil : true }
            XCTAssertNil(process.exitStatus())
            process.send(signal: SIGTERM)
            let status = try await eventually("gtoken ends", within: .seconds(1)) { process.exitStatus() }
            XCTAssertEqual(status, 0)
        }
    }

    func testEndsAtOnceWhileASourceHangs() async throws {
        try await withServer({ $0.delay = .seconds(60) }) { server in
            let process = try start(server, ["--refresh", "--file=\(folder.file("token"))"])
            try await Task.sleep(for: .milliseconds(200))
            XCTAssertNil(process.exitStatus(), folder.text("gtoken.log"))
            process.send(signal: SIGTERM)
            let status = try await eventually("gtoken ends", within: .seconds(1)) { process.exitStatus() }
            XCTAssertEqual(status, 0)
        }
    }

    func testAShortLivedTokenIsReplacedBeforeItExpires() async throws {
        try await withServer({
            $0.tokenLifetime = .seconds(4)
            $0.cachesUntilLeft = .seconds(4)
        }) { server in
            let process = try start(server, ["--refresh", "--file=\(folder.file("token"))"])
            let folder = folder!
            let first = try await eventually("the token is written") {
                folder.text("token").isEmpty ? nil : folder.text("token")
            }
            _ = try await eventually("the token is replaced", within: .seconds(6)) {
                // Whoever reads always finds a whole token.
                let text = folder.text("token")
                XCTAssertNoThrow(try UnverifiedJWT(parsing: text))
                return text == first ? nil : true
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            XCTAssertEqual(left.filter { $0.hasPrefix("token") || $0.hasPrefix(".") }, ["token"])
            process.send(signal: SIGTERM)
        }
    }

    func testADyingTokenIsNotAskedForInALoop() async throws {
        // The Go project asked 942 times in 3 s.
        try await withServer({
            $0.tokenAge = .seconds(3580)
            $0.cachesUntilLeft = .zero
        }) { server in
            let process = try start(server, ["--refresh", "--file=\(folder.file("token"))"])
            try await Task.sleep(for: .seconds(3))
            XCTAssertNil(process.exitStatus(), folder.text("gtoken.log"))
            XCTAssertLessThanOrEqual(server.identityRequests, 5)
            process.send(signal: SIGTERM)
        }
    }

    func testCheckSaysWhetherTheFileHasAnUnexpiredToken() async throws {
        try await withServer { server in
            let path = folder.file("token")
            let absent = try await run(nil, "check", "--file=\(path)")
            XCTAssertEqual(absent, 1)
            _ = try folder.write("token", Array("not a token".utf8))
            let malformed = try await run(nil, "check", "--file=\(path)")
            XCTAssertEqual(malformed, 1)
            _ = try await run(server, "--file=\(path)")
            let fresh = try await run(nil, "check", "--file=\(path)")
            XCTAssertEqual(fresh, 0)
            let notFreshEnough = try await run(nil, "check", "--file=\(path)", "--min-ttl=2h")
            XCTAssertEqual(notFreshEnough, 1)
            server.google.change { $0.tokenAge = .seconds(7200) }
            _ = try folder.write("token", Array(server.google.idToken(audience: "a").utf8))
            let expired = try await run(nil, "check", "--file=\(path)")
            XCTAssertEqual(expired, 1)
            let noFile = try await run(nil, "check")
            XCTAssertEqual(noFile, ExitCode.configuration.rawValue)
        }
    }

    func testAFailedRefreshKeepsTheLastGoodToken() async throws {
        try await withServer({
            $0.tokenLifetime = .seconds(6)
            $0.cachesUntilLeft = .seconds(6)
        }) { server in
            let process = try start(server, ["--refresh", "--file=\(folder.file("token"))"])
            let folder = folder!
            let first = try await eventually("the token is written") {
                folder.text("token").isEmpty ? nil : folder.text("token")
            }
            server.google.change { $0.requestsUntilReady = 2 }
            _ = try await eventually("the source is asked again", within: .seconds(8)) {
                server.identityRequests >= 2 ? true : nil
            }
            XCTAssertEqual(folder.text("token"), first)
            XCTAssertNil(process.exitStatus())
            _ = try await eventually("the token is replaced", within: .seconds(8)) {
                folder.text("token") == first ? nil : true
            }
            process.send(signal: SIGTERM)
        }
    }
}
