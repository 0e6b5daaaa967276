import GTokenCore
import XCTest

final class EmulateConfigurationTests: XCTestCase {
    func testReadsWhatIsToBeEmulated() throws {
        let role = "arn:aws:iam::123456789012:role/reports"
        let cases: [(arguments: [String], environment: [String: String], expected: EmulateConfiguration)] = [
            ([], [:], EmulateConfiguration()),
            (
                ["--role-arn=\(role)", "--role-arn", "\(role)-2", "--audience=a", "--credentials-dir=/d"],
                [:],
                EmulateConfiguration(
                    roles: [try RoleARN(parsing: role), try RoleARN(parsing: role + "-2")],
                    audience: "a",
                    credentialsFolder: "/d"
                )
            ),
            (
                [],
                ["GTOKENCTL_ROLE_ARN": role, "GTOKENCTL_AUDIENCE": "b", "GTOKENCTL_CREDENTIALS_DIR": "/e"],
                EmulateConfiguration(
                    roles: [try RoleARN(parsing: role)],
                    audience: "b",
                    credentialsFolder: "/e"
                )
            ),
        ]
        for (arguments, environment, expected) in cases {
            XCTAssertEqual(
                try ControlCommand(arguments: ["emulate"] + arguments, environment: environment),
                .emulate(expected)
            )
        }
        XCTAssertThrowsError(
            try ControlCommand(arguments: ["emulate", "--role-arn=reports"], environment: [:])
        ) {
            XCTAssertTrue("\($0)".contains("--role-arn"), "\($0)")
        }
    }
}
