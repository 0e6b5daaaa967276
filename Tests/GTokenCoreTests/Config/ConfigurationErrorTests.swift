import GTokenCore
import XCTest

final class ConfigurationErrorTests: XCTestCase {
    func testSaysWhatWasWrittenAndWhatWasExpected() {
        let cases: [(ConfigurationError, String)] = [
            (.unknownOption("--fil", suggestion: "--file"), "unknown option '--fil', did you mean --file?"),
            (.unknownOption("--zzz", suggestion: nil), "unknown option '--zzz'"),
            (.unknownCommand("chekc", suggestion: "check"), "unknown command 'chekc', did you mean check?"),
            (.unexpectedArgument("x"), "unexpected argument 'x'"),
            (.missingCommand(["server", "version"]), "a command is missing, expected server or version"),
            (
                .misplacedOption("--file", command: "tool check"),
                "option --file does not belong to 'tool check'"
            ),
            (
                .missingValue(option: "--file", expected: "a path"),
                "option --file needs a value, expected a path"
            ),
            (
                .invalidValue(.option("-o"), value: "xml", expected: "text or json"),
                "-o: 'xml' cannot be used, expected text or json"
            ),
            (
                .invalidValue(.environment("LOG_LEVEL"), value: "loud", expected: "info"),
                "environment variable LOG_LEVEL: 'loud' cannot be used, expected info"
            ),
            (
                .missingSetting(option: "--file", environment: "F"),
                "--file is missing (or F in the environment)"
            ),
            (.missingSetting(option: "--file", environment: nil), "--file is missing"),
            (.incomplete(option: "--a", needs: "--b"), "--a is given without --b"),
        ]
        for (error, expected) in cases {
            XCTAssertEqual("\(error)", expected)
        }
    }

    func testKeepsAValueOnOneLineAndShort() {
        XCTAssertEqual(
            "\(ConfigurationError.unexpectedArgument("a\nb\u{1B}[m"))",
            "unexpected argument 'a\u{FFFD}b\u{FFFD}[m'"
        )
        let token = "eyJhbGciOiJSUzI1NiJ9." + String(repeating: "c", count: 500) + ".signature"
        XCTAssertEqual(
            "\(ConfigurationError.unexpectedArgument(token))",
            "unexpected argument '\(token.prefix(60))…'"
        )
    }

    func testTheEnvironmentIsNotTheCommandLinesFault() {
        XCTAssertTrue(ConfigurationError.unknownOption("--x", suggestion: nil).isUsage)
        XCTAssertTrue(ConfigurationError.invalidValue(.option("--x"), value: "", expected: "").isUsage)
        XCTAssertFalse(ConfigurationError.invalidValue(.environment("X"), value: "", expected: "").isUsage)
        XCTAssertFalse(ConfigurationError.missingSetting(option: "--x", environment: nil).isUsage)
    }
}
