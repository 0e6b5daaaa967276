import Foundation
import GTokenAdminClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// Our client and others' servers, our server and others' clients, over sockets of this machine.
final class AWSInteropTests: XCTestCase {
    private static let keys = [
        "AWS_ACCESS_KEY_ID": "AKIAADMINISTRATOR", "AWS_SECRET_ACCESS_KEY": "administrator",
    ]

    func testTheStandInAnswersOurClient() async throws {
        try await Self.withLoop { loop, http in
            try await Self.serving(on: loop) { url, _ in
                try await IAMConversation(access: Self.access(url, http, loop)).run()
            }
        }
    }

    func testAProgramGivesTheCredentialsWhicheverTaskAsks() async throws {
        try await Self.withLoop { loop, http in
            let folder = try TemporaryDirectory()
            let printed =
                #"{"Version":1,"AccessKeyId":"AKIAADMINISTRATOR","SecretAccessKey":"administrator"}"#
            let file = try folder.write("printed", Array(printed.utf8))
            let config = try folder.write(
                "config",
                Array("[profile p]\ncredential_process = cat '\(file)'\n".utf8)
            )
            let access = try AWSAccess(
                profile: "p",
                variables: ["AWS_CONFIG_FILE": config],
                clock: LoopClock(loop),
                http: http,
                loop: loop
            )
            let credentials = try await access.credentials.current()
            XCTAssertEqual(credentials.accessKeyID, "AKIAADMINISTRATOR")
        }
    }

    func testMotoAnswersOurClient() async throws {
        let program = try Self.installed("moto_server")
        try await Self.withLoop { loop, http in
            let folder = try TemporaryDirectory()
            let log = folder.file("moto.log")
            var environment = ProcessEnvironment.variables
            environment["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
            let moto = try ChildProcess(
                [program, "-H", "127.0.0.1", "-p", "0"],
                environment: environment,
                standardOutput: .file(folder.file("moto-output.log")),
                standardError: .file(log)
            )
            defer {
                moto.send(signal: SIGKILL)
                _ = moto.waitBlocking()
            }
            let url = try await Self.address(in: log, of: moto, on: loop)
            let access = try Self.access(url, http, loop)
            try await IAMConversation(access: access, changesClientIDs: false).run()
        }
    }

    func testTheAWSCLISpeaksToTheStandIn() async throws {
        let program = try Self.installed("aws")
        try await Self.withLoop { loop, http in
            try await Self.serving(on: loop) { url, aws in
                let draft = try IAMEmulatorFixture.draft(tags: ["a": "1"])
                let iam = try Self.access(url, http, loop).iam()
                _ = try await iam.createRole(draft)
                try await iam.attachRolePolicy("app", policyARN: "arn:aws:iam::aws:policy/ReadOnlyAccess")
                let client = CommandLine(program: program, endpoint: url, keys: Self.keys, loop: loop)
                try await Self.converse(client, about: draft)
                let gone = try await iam.findRole("by-cli")
                XCTAssertNil(gone)
            }
        }
    }

    /// What an administrator types.
    private static func converse(_ aws: CommandLine, about draft: IAMRoleDraft) async throws {
        let role = try await aws.json(["get-role", "--role-name", "app"]).root["Role"]
        XCTAssertEqual(role?["Arn"]?.string(), "arn:aws:iam::123456789012:role/team/app")
        XCTAssertEqual(role?["MaxSessionDuration"]?.integer(), 3600)
        let trust = try XCTUnwrap(role?["AssumeRolePolicyDocument"])
        XCTAssertEqual(try PolicyDocument(parsing: Array(trust.rawBytes)), draft.trustPolicy)
        XCTAssertEqual(role?["Tags"]?.elements.map { $0["Value"]?.string() }, ["1"])
        let attached = try await aws.json(["list-attached-role-policies", "--role-name", "app"])
        XCTAssertEqual(
            attached.root["AttachedPolicies"]?.elements.map { $0["PolicyName"]?.string() },
            ["ReadOnlyAccess"]
        )
        let text = String(decoding: draft.trustPolicy.encoded, as: UTF8.self)
        let create = ["create-role", "--role-name", "by-cli", "--assume-role-policy-document", text]
        let made = try await aws.json(create + ["--tags", "Key=k,Value=v w"])
        XCTAssertEqual(made.root["Role"]?["RoleName"]?.string(), "by-cli")
        let refused = try await aws.run(create)
        XCTAssertTrue(refused.errors.contains("(EntityAlreadyExists)"), refused.errors)
        let roles = try await aws.json(["list-roles", "--page-size", "1"])
        XCTAssertEqual(roles.root["Roles"]?.elements.map { $0["RoleName"]?.string() }, ["app", "by-cli"])
        let deleted = try await aws.run(["delete-role", "--role-name", "by-cli"])
        XCTAssertEqual(deleted.status, 0, deleted.errors)
        let absent = try await aws.run(["get-role", "--role-name", "by-cli"])
        XCTAssertTrue(absent.errors.contains("(NoSuchEntity)"), absent.errors)
        XCTAssertNotEqual(absent.status, 0)
    }

    // MARK: Servers and programs

    /// The AWS CLI with an administrator's keys, pointed at an endpoint.
    private struct CommandLine: Sendable {
        let program: String
        let endpoint: HTTPURL
        let keys: [String: String]
        let loop: EventLoop

        func run(_ arguments: [String]) async throws -> (status: Int32, output: [UInt8], errors: String) {
            let settings = keys.merging([
                "AWS_ENDPOINT_URL": "\(endpoint)", "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "",
            ]) { $1 }
            let words = settings.map { "\($0.key)=\($0.value)" }
            let command = ["env"] + words + [program, "--output", "json", "iam"] + arguments
            let result = try await withTaskExecutorPreference(loop) {
                try await Program(command).run(on: loop)
            }
            return (result.status, result.output, String(decoding: result.errors, as: UTF8.self))
        }

        func json(_ arguments: [String]) async throws -> JSONDocument {
            let result = try await run(arguments)
            XCTAssertEqual(result.status, 0, result.errors)
            return try JSONDocument(result.output)
        }
    }

    private static func installed(_ program: String) throws -> String {
        let folders = ProcessEnvironment.variables["PATH"]?.split(separator: ":").map(String.init) ?? []
        let found = folders.map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else { throw XCTSkip("\(program) is not installed") }
        return found
    }

    private static func access(_ url: HTTPURL, _ http: HTTPClient, _ loop: EventLoop) throws -> AWSAccess {
        let variables = keys.merging(["AWS_ENDPOINT_URL": "\(url)", "AWS_REGION": "us-east-1"]) { $1 }
        return try AWSAccess(variables: variables, clock: LoopClock(loop), http: http, loop: loop)
    }

    /// Where a server says that it listens, in its log.
    private static func address(
        in log: String,
        of server: ChildProcess,
        on loop: EventLoop
    ) async throws -> HTTPURL {
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            let text = (try? FileReader.read(path: log, maxBytes: 1 << 20)).map {
                String(decoding: $0, as: UTF8.self)
            }
            let words = text?.split(whereSeparator: \.isWhitespace) ?? []
            if let word = words.first(where: { $0.hasPrefix("http://127.0.0.1:") }) {
                return try HTTPURL(parsing: String(word))
            }
            // Another program's start is nothing that can be awaited.
            try await LoopClock(loop).sleep(for: .milliseconds(50))
        }
        throw SubprocessError.timedOut(program: "moto_server")
    }

    private static func withLoop(
        _ body: @Sendable (EventLoop, HTTPClient) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup(count: 1)
        defer { group.shutdown() }
        let loop = group.next()
        let http = HTTPClient(loop: loop)
        defer { http.close() }
        try await body(loop, http)
    }

    /// Serves the stand-in for AWS, which knows the administrator.
    private static func serving(
        on loop: EventLoop,
        _ body: @Sendable (HTTPURL, AWSEmulator) async throws -> Void
    ) async throws {
        let aws = AWSEmulator(googleKeys: { JSONWebKeySet([:]) }, clock: LoopClock(loop))
        aws.register(
            administrator: "arn:aws:iam::123456789012:user/admin",
            accountID: "123456789012",
            keys: AWSCredentials(accessKeyID: "AKIAADMINISTRATOR", secretAccessKey: "administrator")
        )
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { await aws.respond(to: $0) }
        let url = try HTTPURL(scheme: .http, host: "127.0.0.1", port: try server.start())
        let running = Task { try await server.run() }
        do {
            try await body(url, aws)
        } catch {
            running.cancel()
            throw error
        }
        await server.shutdown(within: .zero)
        try await running.value
    }
}
