import Foundation
import GTokenCore
import GTokenRuntime
import XCTest

final class ToolErrorTests: XCTestCase {
    func testMapsConfigurationErrorsToExitCodesAndHints() {
        let cases: [(ConfigurationError, ExitCode, String?)] = [
            (.unknownOption("--x", suggestion: nil), .usage, "see 'gtoken --help'"),
            (
                .unknownCommand("false", suggestion: nil), .usage,
                "write a flag's value after '=', as in --refresh=false"
            ),
            (.invalidValue(.option("--x"), value: "", expected: ""), .usage, "see 'gtoken --help'"),
            (
                .invalidValue(.environment("X"), value: "", expected: ""), .configuration,
                "see 'gtoken --help'"
            ),
            (.missingSetting(option: "--file", environment: "F"), .configuration, nil),
        ]
        for (error, exitCode, hint) in cases {
            XCTAssertEqual(
                ToolError(error, tool: "gtoken"),
                ToolError("\(error)", hint: hint, exitCode: exitCode)
            )
        }
    }

    func testReadsTheEnvironment() {
        unsafe setenv("GTOKEN_TEST_VARIABLE", "a=b", 1)
        unsafe setenv("GTOKEN_TEST_EMPTY", "", 1)
        let variables = ProcessEnvironment.variables
        XCTAssertEqual(variables["GTOKEN_TEST_VARIABLE"], "a=b")
        XCTAssertEqual(variables["GTOKEN_TEST_EMPTY"], "")
        XCTAssertEqual(variables["PATH"], unsafe String(cString: getenv("PATH")))
    }
}
