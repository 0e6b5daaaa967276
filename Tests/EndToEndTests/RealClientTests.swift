import Foundation
import GTokenCore
import GTokenEmulator
import GTokenRuntime
import TestSupport
import XCTest

/// The AWS CLI, boto3 and terraform get a role's credentials, each way that an application can, while the token and the
/// credentials are replaced.
final class RealClientTests: XCTestCase {
    private static let arn = "arn:aws:sts::123456789012:assumed-role/app/pod-1"
    private static let secondARN = "arn:aws:sts::210987654321:assumed-role/reader/pod-1"

    /// A way to have credentials: its environment, and who the caller then is.
    private struct Way {
        let name: String
        let environment: [String: String]
        let arn: String
    }

    /// The Pod of a test: a token that the built gtoken keeps fresh, a configuration file, and the built endpoint.
    private struct Pod {
        let folder: TemporaryDirectory
        let service: TokenService

        var token: String { folder.text("token") }

        /// What the webhook injects, with the address of the stand-in.
        var injected: [String: String] {
            common.merging([
                "AWS_ROLE_ARN": TokenService.role, "AWS_ROLE_SESSION_NAME": "pod-1",
                "AWS_WEB_IDENTITY_TOKEN_FILE": folder.file("token"),
            ]) { $1 }
        }

        /// The test's own environment without its AWS settings.
        private var common: [String: String] {
            let own = ProcessEnvironment.variables.filter { !$0.key.hasPrefix("AWS_") }
            return own.merging([
                "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:\(service.port)", "AWS_REGION": "eu-west-1",
                "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": folder.file("none"), "AWS_SHARED_CREDENTIALS_FILE": folder.file("none"),
                "CHECKPOINT_DISABLE": "1",
            ]) { $1 }
        }

        func ways() throws -> [Way] {
            let process =
                "credential_process = \(BuiltTool.path("gtoken")) credential-process --session-name=pod-1 "
                + "--role-arn=\(TokenService.role) --file=\(folder.file("token")) --cache-dir=\(folder.file("cache"))"
            let config = """
                [profile app]
                \(process)
                [profile reader]
                \(process) --chain-role-arn=\(TokenService.secondRole) --tag=team=reports
                [profile plain]
                role_arn = \(TokenService.role)
                role_session_name = pod-1
                web_identity_token_file = \(folder.file("token"))

                """
            _ = try folder.write("config", Array(config.utf8))
            func profile(_ name: String) -> [String: String] {
                common.merging(["AWS_CONFIG_FILE": folder.file("config"), "AWS_PROFILE": name]) { $1 }
            }
            let container = common.merging([
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": folder.text("url"),
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": folder.file("authorization"),
            ]) { $1 }
            return [
                Way(name: "web identity", environment: injected, arn: RealClientTests.arn),
                Way(name: "profile", environment: profile("plain"), arn: RealClientTests.arn),
                Way(name: "credential_process", environment: profile("app"), arn: RealClientTests.arn),
                Way(name: "second role", environment: profile("reader"), arn: RealClientTests.secondARN),
                Way(name: "container", environment: container, arn: RealClientTests.arn),
            ]
        }
    }

    /// A Pod whose tokens and credentials last for seconds.
    private func withPod(_ body: (Pod) async throws -> Void) async throws {
        try await withTokenService(tokenLifetime: .seconds(15)) { service in
            service.limitSessions(to: .seconds(6))
            let folder = try TemporaryDirectory()
            let pod = Pod(folder: folder, service: service)
            var tools: [ChildProcess] = []
            defer {
                for tool in tools {
                    tool.send(signal: SIGTERM)
                    XCTAssertEqual(tool.waitBlocking(), 0)
                }
            }
            func start(_ name: String, _ arguments: [String], _ environment: [String: String]) throws {
                tools.append(
                    try ChildProcess(
                        [BuiltTool.path("gtoken")] + arguments,
                        environment: environment,
                        standardOutput: .file(folder.file("\(name)-gtoken.out")),
                        standardError: .file(folder.file("\(name).log"))
                    )
                )
            }
            try start(
                "refresh",
                ["--refresh", "--file=\(folder.file("token"))", "--min-ttl=0s"],
                service.environment
            )
            try await eventually("a token") { pod.token.isEmpty ? nil : true }
            try start(
                "serve",
                [
                    "serve", "--listen-address=127.0.0.1:0", "--url-file=\(folder.file("url"))",
                    "--authorization-token-file=\(folder.file("authorization"))",
                ],
                pod.injected
            )
            try await eventually("an endpoint") { folder.text("url").isEmpty ? nil : true }
            try await body(pod)
        }
    }

    /// Asks who the caller is, before and after the token was replaced and all credentials have ended.
    private func check(
        _ pod: Pod,
        _ names: Set<String>? = nil,
        _ identity: (Way) async throws -> String
    ) async throws {
        let ways = try pod.ways().filter { names?.contains($0.name) ?? true }
        let token = pod.token
        for way in ways {
            let arn = try await identity(way)
            XCTAssertEqual(arn, way.arn, way.name)
        }
        let exchanges = pod.service.exchanges
        try await eventually("another token", within: .seconds(60)) { pod.token == token ? nil : true }
        // Each set of credentials has ended by then: they last for less than a token.
        try await eventually("other credentials", within: .seconds(60)) {
            pod.service.exchanges >= exchanges + 3 ? true : nil
        }
        for way in ways {
            let arn = try await identity(way)
            XCTAssertEqual(arn, way.arn, "\(way.name), later")
        }
    }

    private func output(
        _ pod: Pod,
        _ command: [String],
        _ environment: [String: String]
    ) async throws -> String {
        let folder = try TemporaryDirectory()
        let process = try ChildProcess(
            command,
            environment: environment,
            standardOutput: .file(folder.file("client-gtoken.out")),
            standardError: .file(folder.file("client.log"))
        )
        let status = try await eventually("\(command[0]) ends", within: .seconds(120)) {
            process.exitStatus()
        }
        XCTAssertEqual(status, 0, folder.text("client-gtoken.out") + folder.text("client.log"))
        return folder.text("client-gtoken.out").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func testTheAWSCLIIsTheRoleThroughRotations() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("aws"), "not installed here: aws")
        try await withPod { pod in
            try await check(pod) { way in
                try await output(
                    pod,
                    ["aws", "sts", "get-caller-identity", "--query=Arn", "--output=text"],
                    way.environment
                )
            }
        }
    }

    func testOneSessionOfBoto3IsTheRoleThroughRotations() async throws {
        let probe = try ChildProcess(
            ["python3", "-c", "import boto3"],
            environment: ProcessEnvironment.variables,
            standardOutput: .file("/dev/null"),
            standardError: .file("/dev/null")
        )
        try XCTSkipUnless(probe.waitBlocking() == 0, "not installed here: boto3")
        let script = """
            import boto3, time
            session = boto3.Session()
            sts, keys, arns = session.client("sts"), set(), set()
            end = time.monotonic() + 9
            while time.monotonic() < end:
                arns.add(sts.get_caller_identity()["Arn"])
                keys.add(session.get_credentials().get_frozen_credentials().access_key)
                time.sleep(0.2)
            assert len(keys) > 1, "the credentials stayed"
            print(*arns)
            """
        try await withPod { pod in
            for way in try pod.ways() {
                let arn = try await output(pod, ["python3", "-c", script], way.environment)
                XCTAssertEqual(arn, way.arn, way.name)
            }
        }
    }

    func testTerraformIsTheRoleThroughRotations() async throws {
        guard BuiltTool.isInstalled("terraform"), let plugins = TerraformPlugins.folder() else {
            throw XCTSkip("not installed here: terraform with its AWS provider")
        }
        try await withPod { pod in
            let module = try TemporaryDirectory()
            _ = try module.write("main.tf", Array(Self.module.utf8))
            let terraform = ["terraform", "-chdir=\(module.path)"]
            let environment = try pod.ways()[0].environment
            _ = try await output(
                pod,
                terraform + ["init", "-input=false", "-plugin-dir=\(plugins)"],
                environment
            )
            try await check(pod, ["web identity", "credential_process", "container"]) { way in
                _ = try await output(
                    pod,
                    terraform + ["apply", "-input=false", "-auto-approve"],
                    way.environment
                )
                return try await output(pod, terraform + ["output", "-raw", "arn"], way.environment)
            }
        }
    }

    private static let module = """
        terraform {
          required_providers {
            aws = { source = "hashicorp/aws" }
          }
        }
        provider "aws" {
          region = "eu-west-1"
        }
        data "aws_caller_identity" "me" {}
        output "arn" {
          value = data.aws_caller_identity.me.arn
        }

        """
}
