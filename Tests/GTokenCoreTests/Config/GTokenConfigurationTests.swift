import GTokenCore
import XCTest

final class GTokenConfigurationTests: XCTestCase {
    private func run(
        _ arguments: [String],
        _ environment: [String: String] = [:]
    ) throws -> GTokenConfiguration {
        let command = try GTokenCommand(arguments: arguments, environment: environment)
        guard case .run(let configuration) = command else {
            XCTFail("\(command)")
            throw CancellationError()
        }
        return configuration
    }

    func testWithoutArgumentsPrintsOneTokenForTheDefaultAudience() throws {
        let configuration = try run([])
        XCTAssertEqual(configuration.output, .standardOutput)
        XCTAssertFalse(configuration.refreshes)
        XCTAssertEqual(configuration.minimumTimeLeft, .seconds(30))
        XCTAssertEqual(try run(["--file=/f"]).output, .file("/f", mode: .standard))
        XCTAssertEqual(configuration.token.audience, "gtoken/sts/assume-role-with-web-identity")
        XCTAssertEqual(configuration.token.source, .auto)
        XCTAssertNil(configuration.token.serviceAccount)
        XCTAssertEqual(configuration.token.metadataHost, "169.254.169.254")
        XCTAssertEqual(configuration.token.startupTimeout, .seconds(60))
        XCTAssertEqual(configuration.token.requestTimeout, .seconds(15))
        XCTAssertEqual(configuration.log, LogForm(level: .info, isJSON: false))
    }

    func testTakesTheArgumentsThatTheGoProjectInjects() throws {
        let path = "/var/run/secrets/aws/token/gtoken"
        for (flag, refreshes) in [
            ("--refresh=true", true), ("--refresh=false", false), ("--refresh", true), ("-refresh", true),
        ] {
            for arguments in [["--file=\(path)", flag], [flag, "--file", path], ["-file", path, flag]] {
                let configuration = try run(arguments)
                XCTAssertEqual(configuration.output, .file(path))
                XCTAssertEqual(configuration.refreshes, refreshes)
            }
        }
        XCTAssertEqual(try run(["--file="]).output, .standardOutput)
    }

    func testADashAndTheDeviceAreStandardOutput() throws {
        for path in ["-", "/dev/stdout"] {
            XCTAssertEqual(try run(["--file", path]).output, .standardOutput)
            XCTAssertEqual(try run([], ["GTOKEN_FILE": path]).output, .standardOutput)
        }
    }

    func testEveryOptionHasAVariable() throws {
        let fromArguments = try run([
            "--file=/f", "--refresh", "--audience=a", "--source=metadata",
            "--service-account=app@project-1.iam.gserviceaccount.com", "--metadata-host=127.0.0.1:80",
            "--delegate=d1@project-1.iam.gserviceaccount.com",
            "--delegate=d2@project-1.iam.gserviceaccount.com",
            "--include-email", "--allow-iam-fallback", "--startup-timeout=5m", "--request-timeout=1s",
            "--file-mode=0440", "--min-ttl=10m",
            "--log-level=DEBUG", "--json",
        ])
        let fromEnvironment = try run(
            [],
            [
                "GTOKEN_FILE": "/f", "GTOKEN_REFRESH": "true", "GTOKEN_AUDIENCE": "a",
                "GTOKEN_SOURCE": "metadata",
                "GTOKEN_SERVICE_ACCOUNT": "app@project-1.iam.gserviceaccount.com",
                "GTOKEN_DELEGATES":
                    "d1@project-1.iam.gserviceaccount.com,d2@project-1.iam.gserviceaccount.com",
                "GTOKEN_INCLUDE_EMAIL": "1", "GTOKEN_ALLOW_IAM_FALLBACK": "true",
                "GCE_METADATA_HOST": "127.0.0.1:80", "GTOKEN_STARTUP_TIMEOUT": "5m",
                "GTOKEN_REQUEST_TIMEOUT": "1s", "GTOKEN_FILE_MODE": "440", "GTOKEN_MIN_TTL": "10m",
                "LOG_LEVEL": "debug", "LOG_JSON": "1",
            ]
        )
        XCTAssertEqual(fromArguments, fromEnvironment)
        XCTAssertEqual(fromArguments.output, .file("/f", mode: try XCTUnwrap(FileMode(octal: "0440"))))
        XCTAssertEqual(fromArguments.minimumTimeLeft, .seconds(600))
        XCTAssertTrue(fromArguments.refreshes)
        XCTAssertEqual(fromArguments.token.audience, "a")
        XCTAssertEqual(fromArguments.token.source, .metadata)
        XCTAssertEqual(
            fromArguments.token.serviceAccount?.description,
            "app@project-1.iam.gserviceaccount.com"
        )
        XCTAssertEqual(fromArguments.token.delegates.map(\.name), ["d1", "d2"])
        XCTAssertTrue(fromArguments.token.includesEmail)
        XCTAssertTrue(fromArguments.token.allowsIAMFallback)
        XCTAssertEqual(fromArguments.token.metadataHost, "127.0.0.1:80")
        XCTAssertEqual(fromArguments.token.startupTimeout, .seconds(300))
        XCTAssertEqual(fromArguments.token.requestTimeout, .seconds(1))
        XCTAssertEqual(fromArguments.log, LogForm(level: .debug, isJSON: true))
        let withoutVariable = [GTokenCommand.specification] + GTokenCommand.specification.commands
        for option in withoutVariable.flatMap(\.groups).flatMap(\.options) {
            XCTAssertNotNil(option.environment, option.name)
        }
    }

    func testReadsTheCheckCommand() throws {
        XCTAssertEqual(
            try GTokenCommand(arguments: ["check", "--file", "/f"], environment: [:]),
            .check(TokenCheckConfiguration(file: "/f", minimumTimeLeft: .zero))
        )
        XCTAssertEqual(
            try GTokenCommand(arguments: ["--file=/f", "check", "--min-ttl=5m"], environment: [:]),
            .check(TokenCheckConfiguration(file: "/f", minimumTimeLeft: .seconds(300)))
        )
        XCTAssertEqual(
            try GTokenCommand(
                arguments: ["check"],
                environment: ["GTOKEN_FILE": "/f", "GTOKEN_MIN_TTL": "1s"]
            ),
            .check(TokenCheckConfiguration(file: "/f", minimumTimeLeft: .seconds(1)))
        )
        XCTAssertThrowsError(try GTokenCommand(arguments: ["check"], environment: [:])) {
            XCTAssertEqual(
                $0 as? ConfigurationError,
                .missingSetting(option: "--file", environment: "GTOKEN_FILE")
            )
        }
    }

    func testReadsHelpAndVersionInTheGoProjectsForms() throws {
        for arguments in [["-v"], ["--version"], ["version"], ["--file=x", "-version"]] {
            XCTAssertEqual(try GTokenCommand(arguments: arguments, environment: [:]), .version)
        }
        for arguments in [["-h"], ["--help"], ["help"], ["h"], ["-help"]] {
            XCTAssertEqual(try GTokenCommand(arguments: arguments, environment: [:]), .help([]))
        }
        XCTAssertEqual(try GTokenCommand(arguments: ["help", "check"], environment: [:]), .help(["check"]))
    }

    func testRefusesValuesThatCannotWork() {
        let cases: [([String], SettingOrigin, String)] = [
            (["--source=vault"], .option("--source"), "vault"),
            (["--audience=a b"], .option("--audience"), "a b"),
            (["--audience="], .option("--audience"), ""),
            (["--service-account=me"], .option("--service-account"), "me"),
            (["--startup-timeout=5"], .option("--startup-timeout"), "5"),
            (["--startup-timeout=-1s"], .option("--startup-timeout"), "-1s"),
            (["--request-timeout=0s"], .option("--request-timeout"), "0s"),
            (["--request-timeout=11m"], .option("--request-timeout"), "11m"),
            (["--min-ttl=-1s"], .option("--min-ttl"), "-1s"),
            (["--min-ttl=25h"], .option("--min-ttl"), "25h"),
            (["--file-mode=0666"], .option("--file-mode"), "0666"),
            (["--file-mode="], .option("--file-mode"), ""),
            (["--log-level=loud"], .option("--log-level"), "loud"),
            (["--refresh=yes"], .option("--refresh"), "yes"),
        ]
        for (arguments, origin, value) in cases {
            XCTAssertThrowsError(try run(arguments), "\(arguments)") { error in
                guard case .invalidValue(origin, value, _) = error as? ConfigurationError else {
                    return XCTFail("\(error)")
                }
            }
        }
    }

    func testTakesModesThatKeepATokenTheOwners() {
        for (text, bits) in [
            ("0644", 0o644), ("644", 0o644), ("0o640", 0o640), ("0600", 0o600), ("400", 0o400),
            ("0444", 0o444),
        ] as [(String, UInt32)] {
            XCTAssertEqual(FileMode(octal: text)?.bits, bits, text)
        }
        for text in [
            "", "0", "0o", "6", "64", "0666", "0664", "0646", "0622", "0244", "0044", "0000", "0755", "4644",
            "1644",
            "00644", "0o0644", "06 44", "-644", "+644", "0x644", "0684", "u=rw", "420", "٦٤٤", "0644\u{301}",
        ] {
            XCTAssertNil(FileMode(octal: text), text)
        }
        XCTAssertEqual(FileMode.standard.description, "0644")
    }
}
