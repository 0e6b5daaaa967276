import GTokenCore
import XCTest

final class TerraformConfigurationTests: XCTestCase {
    private static let binding = [
        "--project=demo-project", "--cluster-name=main", "--cluster-location=europe-west1",
        "--namespace=shop",
        "--service-account=orders", "--google-service-account=orders-gsa", "--aws-role=orders",
    ]

    private func configuration(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> TerraformConfiguration {
        let line = ["terraform"] + Self.binding + arguments
        guard
            case .terraform(let configuration) = try ControlCommand(arguments: line, environment: environment)
        else { throw ConfigurationError.missingCommand([]) }
        return configuration
    }

    func testPrintsAndAsksNobodyUnlessToldTo() throws {
        let plain = try configuration([])
        XCTAssertNil(plain.folder)
        XCTAssertFalse(plain.asksGoogle)
        XCTAssertEqual(plain.uniqueIDs, [])
        XCTAssertEqual(plain.setup.output, .text)
        let told = try configuration(
            ["--output-dir=out", "-o", "json"],
            environment: ["GTOKENCTL_ASK_GOOGLE": "1"]
        )
        XCTAssertEqual(told.folder, "out")
        XCTAssertTrue(told.asksGoogle)
        XCTAssertEqual(told.setup.output, .json)
    }

    func testAUniqueIDMayNameItsAccount() throws {
        let (email, id) = ("app@demo-project.iam.gserviceaccount.com", "104387266351829007741")
        let known = try configuration(["--google-unique-id=\(id)", "--google-unique-id", "\(email)=\(id)"])
            .uniqueIDs
        XCTAssertEqual(known.map { $0.email?.description }, [nil, email])
        XCTAssertEqual(known.map(\.id.description), [id, id])
        for wrong in [
            "12", email, "\(email)=", "\(email)=12", "=\(id)", "nobody=\(id)", "\(id)=\(email)",
            "\(email)=\(id)=\(id)",
        ] {
            XCTAssertThrowsError(try configuration(["--google-unique-id=\(wrong)"]), wrong)
        }
    }
}
