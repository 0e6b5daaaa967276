import GTokenCore
import XCTest

final class DemoConfigurationTests: XCTestCase {
    private func command(_ arguments: String...) throws -> ControlCommand {
        try ControlCommand(arguments: arguments, environment: [:])
    }

    func testReadsTheDemonstration() throws {
        XCTAssertEqual(
            try command("demo"),
            .demo(DemoConfiguration(keepsRunning: false, output: .text, sidecar: .auto))
        )
        XCTAssertEqual(
            try command("demo", "--keep", "-o", "json", "--sidecar=container"),
            .demo(DemoConfiguration(keepsRunning: true, output: .json, sidecar: .container))
        )
        XCTAssertEqual(
            try command("demo", "-ojson", "--output=text"),
            .demo(DemoConfiguration(keepsRunning: false, output: .text, sidecar: .auto))
        )
    }

    func testHasAFileForTheEnvironmentOfEachIdentity() throws {
        guard case .demo(let both) = try command("demo", "--env-file=g", "--cluster-env-file", "c"),
            case .demo(let neither) = try command("demo")
        else { return XCTFail("expected the demonstration") }
        XCTAssertEqual(RoleAnnotations.Identity.allCases.map(both.environmentFile(for:)), ["g", "c"])
        XCTAssertEqual(RoleAnnotations.Identity.allCases.map(neither.environmentFile(for:)), [nil, nil])
    }

    func testReadsHelpAndVersion() throws {
        XCTAssertEqual(try command("version"), .version)
        XCTAssertEqual(try command("demo", "-h"), .help(["demo"]))
        XCTAssertEqual(try command("help"), .help([]))
    }

    func testRefusesWhatItDoesNotKnow() {
        XCTAssertThrowsError(try command("demo", "-o", "yaml")) {
            XCTAssertEqual(
                $0 as? ConfigurationError,
                .invalidValue(.option("-o"), value: "yaml", expected: "text or json")
            )
        }
        XCTAssertThrowsError(try command()) {
            XCTAssertEqual(
                $0 as? ConfigurationError,
                .missingCommand([
                    "plan", "apply", "delete", "status", "doctor", "audit", "trust-policy", "manifests",
                    "terraform", "install", "upgrade", "uninstall", "certs", "demo",
                    "emulate", "completion", "version",
                ])
            )
        }
    }
}
