import GTokenCore
import XCTest

final class CredentialConfigurationTests: XCTestCase {
    private static let role = "arn:aws:iam::123456789012:role/reports"
    private static let other = "arn:aws:iam::210987654321:role/reader"

    private func process(
        _ arguments: [String],
        _ environment: [String: String] = [:]
    ) throws -> CredentialProcessConfiguration {
        let command = try GTokenCommand(
            arguments: ["credential-process"] + arguments,
            environment: environment
        )
        guard case .credentialProcess(let configuration) = command else {
            throw ConfigurationError.unexpectedArgument("\(command)")
        }
        return configuration
    }

    private func serve(
        _ arguments: [String],
        _ environment: [String: String] = [:]
    ) throws -> ServeConfiguration {
        let command = try GTokenCommand(arguments: ["serve"] + arguments, environment: environment)
        guard case .serve(let configuration) = command else {
            throw ConfigurationError.unexpectedArgument("\(command)")
        }
        return configuration
    }

    func testEveryOptionHasAVariable() throws {
        let fromArguments = try process([
            "--role-arn=\(Self.role)", "--session-name=pod-1", "--duration=30m",
            "--policy-arn=arn:aws:iam::aws:policy/ReadOnlyAccess",
            "--policy-arn=arn:aws:iam::aws:policy/ViewOnly", "--region=eu-west-1",
            "--sts-endpoint=https://sts.example", "--file=/token", "--chain-role-arn=\(Self.other)",
            "--chain-session-name=reader-1", "--tag=team=reports", "--tag=stage=live",
            "--source-identity=alice", "--external-id=4711:a/b", "--cache-dir=/cache",
        ])
        let fromEnvironment = try process(
            [],
            [
                "AWS_ROLE_ARN": Self.role, "AWS_ROLE_SESSION_NAME": "pod-1", "GTOKEN_DURATION": "30m",
                "GTOKEN_POLICY_ARNS":
                    "arn:aws:iam::aws:policy/ReadOnlyAccess,arn:aws:iam::aws:policy/ViewOnly",
                "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2",
                "AWS_ENDPOINT_URL_STS": "https://sts.example", "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
                "GTOKEN_CHAIN_ROLE_ARN": Self.other, "GTOKEN_CHAIN_SESSION_NAME": "reader-1",
                "GTOKEN_TAGS": "team=reports,stage=live", "GTOKEN_SOURCE_IDENTITY": "alice",
                "GTOKEN_EXTERNAL_ID": "4711:a/b", "GTOKEN_CACHE_DIR": "/cache",
            ]
        )
        XCTAssertEqual(fromArguments, fromEnvironment)
        let credentials = fromArguments.credentials
        XCTAssertEqual(credentials.role.description, Self.role)
        XCTAssertEqual(credentials.sessionName.description, "pod-1")
        XCTAssertEqual(credentials.duration, .seconds(1800))
        XCTAssertEqual(credentials.policyARNs.count, 2)
        XCTAssertEqual(credentials.region?.description, "eu-west-1")
        XCTAssertEqual(credentials.stsEndpoint, "https://sts.example")
        XCTAssertEqual(credentials.tokenFile, "/token")
        XCTAssertEqual(credentials.chain?.role.description, Self.other)
        XCTAssertEqual(credentials.chain?.sessionName.description, "reader-1")
        XCTAssertEqual(credentials.chain?.tags.map(\.description), ["team=reports", "stage=live"])
        XCTAssertEqual(credentials.chain?.sourceIdentity, "alice")
        XCTAssertEqual(credentials.chain?.externalID, "4711:a/b")
        XCTAssertEqual(fromArguments.cacheDirectory, "/cache")
        XCTAssertFalse(try process(["--role-arn", Self.role], ["GTOKEN_NO_CACHE": "1"]).caches)
    }

    func testEveryOptionOfTheEndpointHasAVariable() throws {
        let fromArguments = try serve([
            "--role-arn=\(Self.role)", "--listen-address=[::1]:0", "--authorization-token-file=/a",
            "--authorization-mode=0640", "--url-file=/u", "--log-level=debug", "--json",
        ])
        let fromEnvironment = try serve(
            [],
            [
                "AWS_ROLE_ARN": Self.role, "GTOKEN_LISTEN_ADDRESS": "[::1]:0",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/a",
                "GTOKEN_AUTHORIZATION_MODE": "640", "GTOKEN_URL_FILE": "/u",
                "LOG_LEVEL": "debug", "LOG_JSON": "true",
            ]
        )
        XCTAssertEqual(fromArguments, fromEnvironment)
        XCTAssertEqual(fromArguments.address, ListenAddress(host: "::1", port: 0))
        XCTAssertEqual(fromArguments.authorizationFile, "/a")
        XCTAssertEqual(fromArguments.authorizationFileMode.bits, 0o640)
        XCTAssertEqual(fromArguments.urlFile, "/u")
    }

    func testTheDefaultsNeedARoleAlone() throws {
        let configuration = try process(["--role-arn", Self.role])
        let role = try RoleARN(parsing: Self.role)
        let expected = CredentialConfiguration(
            role: role,
            sessionName: try RoleSessionName(parsing: "gtoken")
        )
        XCTAssertEqual(configuration, CredentialProcessConfiguration(expected))
        let served = try serve(["--role-arn", Self.role, "--authorization-token-file=/a"])
        XCTAssertEqual(served.address, ListenAddress(host: "127.0.0.1", port: 9911))
        XCTAssertEqual(served.authorizationFileMode.bits, 0o600)
        let region = try process(["--role-arn", Self.role], ["AWS_DEFAULT_REGION": "eu-west-2"])
        XCTAssertEqual(region.credentials.region?.description, "eu-west-2")
        let endpoint = try process(["--role-arn", Self.role], ["AWS_ENDPOINT_URL": "https://aws.example"])
        XCTAssertEqual(endpoint.credentials.stsEndpoint, "https://aws.example")
        let pod = try process(["--role-arn", Self.role], ["HOSTNAME": "app-5d9c7b"])
        XCTAssertEqual(pod.credentials.sessionName.description, "app-5d9c7b")
        let chained = try process(["--role-arn", Self.role, "--chain-role-arn", Self.other])
        XCTAssertEqual(chained.credentials.chain?.sessionName.description, "gtoken")
    }

    func testRefusesWhatAWSWouldNotTake() {
        let policy = "--policy-arn=arn:aws:iam::aws:policy/P"
        let chain = ["--chain-role-arn", Self.other]
        let cases: [([String], String)] = [
            (["--role-arn=x"], "--role-arn: 'x' cannot be used"),
            (["--duration=14m59s"], "--duration: '14m59s' cannot be used"),
            (["--duration=12h1s"], "--duration: '12h1s' cannot be used"),
            (["--policy-arn=ReadOnlyAccess"], "--policy-arn: 'ReadOnlyAccess' cannot be used"),
            (
                ["--policy-arn=arn:aws:s3:::a-long-bucket-name"],
                "--policy-arn: 'arn:aws:s3:::a-long-bucket-name' cannot be used"
            ),
            (Array(repeating: policy, count: 11), "--policy-arn is given more than 10 times"),
            (["--region=mars"], "--region: 'mars' cannot be used"),
            (["--session-name=a"], "--session-name: 'a' cannot be used"),
            (["--tag=a=b"], "--tag is given without --chain-role-arn"),
            (["--external-id=ab"], "--external-id is given without --chain-role-arn"),
            (["--source-identity=ab"], "--source-identity is given without --chain-role-arn"),
            (["--chain-session-name=ab"], "--chain-session-name is given without --chain-role-arn"),
            (chain + ["--tag=nothing"], "--tag: 'nothing' cannot be used"),
            (chain + ["--tag=a=1", "--tag=A=2"], "--tag is given twice for the same key"),
            (chain + (0...50).map { "--tag=k\($0)=v" }, "--tag is given more than 50 times"),
            (
                chain + ["--duration=1h1s"],
                "--duration 1h0m1s is above what AWS allows with --chain-role-arn, 1h0m0s"
            ),
            (["--no-cache", "--cache-dir=/c"], "--no-cache and --cache-dir exclude each other"),
        ]
        for (arguments, message) in cases {
            XCTAssertThrowsError(try process(["--role-arn", Self.role] + arguments)) {
                XCTAssertTrue("\($0)".hasPrefix(message), "\($0)")
            }
        }
        XCTAssertThrowsError(try process([])) {
            XCTAssertEqual("\($0)", "--role-arn is missing (or AWS_ROLE_ARN in the environment)")
        }
    }

    func testListensOnLoopbackAlone() throws {
        for address in [":9911", "0.0.0.0:9911", "10.0.0.1:9911", "[::]:9911", "[fd00::1]:80", "128.0.0.1:1"]
        {
            XCTAssertThrowsError(
                try serve([
                    "--role-arn", Self.role, "--authorization-token-file=/a", "--listen-address", address,
                ])
            ) {
                guard case .invalidValue? = $0 as? ConfigurationError else { return XCTFail("\($0)") }
            }
        }
        for address in ["127.0.0.1:0", "127.1.2.3:80", "localhost:80", "[::1]:80"] {
            XCTAssertNoThrow(
                try serve([
                    "--role-arn", Self.role, "--authorization-token-file=/a", "--listen-address", address,
                ])
            )
        }
    }

    func testEachSettingThatDecidesWhoseCredentialsTheyAreMakesAnotherIdentity() throws {
        let base = ["--role-arn", Self.role]
        let chain = ["--chain-role-arn", Self.other]
        let variants: [[String]] = [
            base, ["--role-arn", Self.other], base + ["--session-name=pod-1"], base + ["--duration=30m"],
            base + ["--policy-arn=arn:aws:iam::aws:policy/A"], base + ["--region=eu-west-1"],
            base + ["--sts-endpoint=https://sts.example"], base + ["--file=/token"], base + ["--audience=a"],
            base + ["--source=metadata"], base + ["--service-account=app@project-1.iam.gserviceaccount.com"],
            base + ["--metadata-host=127.0.0.1:1"], base + ["--include-email"],
            base + ["--allow-iam-fallback"], base + ["--delegate=app@project-1.iam.gserviceaccount.com"],
            base + chain,
            base + chain + ["--chain-session-name=b2"], base + chain + ["--tag=a=1"],
            base + chain + ["--tag=a=2"], base + chain + ["--source-identity=alice"],
            base + chain + ["--external-id=alice"],
        ]
        let identities = try variants.map { try process($0).credentials.identity }
        XCTAssertEqual(Set(identities).count, variants.count)
        XCTAssertEqual(try process(base + ["--startup-timeout=1s"]).credentials.identity, identities[0])
        // Whoever adds a field decides whether it belongs to the identity.
        let configuration = try process(base + chain).credentials
        XCTAssertEqual(Mirror(reflecting: configuration).children.count, 9)
        XCTAssertEqual(Mirror(reflecting: configuration.token).children.count, 9)
        XCTAssertEqual(Mirror(reflecting: try XCTUnwrap(configuration.chain)).children.count, 5)
    }
}
