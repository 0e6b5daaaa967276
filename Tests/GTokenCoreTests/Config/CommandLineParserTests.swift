import GTokenCore
import XCTest

final class CommandLineParserTests: XCTestCase {
    private enum Options {
        static let file = Option("file", .path, environment: "T_FILE", help: "f")
        static let refresh = Option("refresh", .flag, environment: "T_REFRESH", help: "r")
        static let output = Option("output", short: "o", .path, default: "text", help: "o")
        static let quiet = Option("quiet", short: "q", .flag, help: "q")
        static let level = Option("level", .path, help: "l")
        static let only = Option("only", .flag, help: "of a command")
        static let tag = Option("tag", short: "t", .path, environment: "T_TAG", takesSeveral: true, help: "t")
    }

    private let tool = CommandSpecification(
        "tool",
        summary: "Test",
        groups: [
            .init(
                "Own",
                [
                    Options.file.specification, Options.refresh.specification, Options.output.specification,
                    Options.tag.specification,
                ]
            )
        ],
        sharedGroups: [
            .init("Shared", [Options.quiet.specification, Options.level.specification]),
            CommandSpecification.Standard.group,
        ],
        commands: [
            CommandSpecification(
                "check",
                summary: "Check",
                groups: [.init("Own", [Options.file.specification, Options.only.specification])]
            ),
            CommandSpecification(
                "group",
                summary: "Group",
                isRunnable: false,
                commands: [CommandSpecification("deep", summary: "Deep")]
            ),
        ]
    )

    private func tags(
        _ arguments: [String],
        _ environment: [String: String] = [:]
    ) throws -> [String] {
        let line = try CommandLineParser(tool).parse(arguments)
        return try Settings(line, environment: environment).values(Options.tag)
    }

    func testAnOptionThatTakesSeveralKeepsThemInOrder() throws {
        let environment = ["T_TAG": "x,,y"]
        XCTAssertEqual(try tags([]), [])
        XCTAssertEqual(try tags(["--tag=b", "-t", "a,c", "-tb"], environment), ["b", "a,c", "b"])
        XCTAssertEqual(try tags([], environment), ["x", "y"])
        XCTAssertEqual(try tags(["--tag="], environment), [], "given empty, the variable does not count")
        XCTAssertThrowsError(try tags(["--tag=a", "--tag=\0"])) {
            XCTAssertEqual(
                $0 as? ConfigurationError,
                .invalidValue(.option("--tag"), value: "\0", expected: "a path")
            )
        }
    }

    private struct Values: Equatable {
        var path: [String] = []
        var file: String?
        var refresh = false
        var output: String? = "text"
        var quiet = false
        var level: String?
        var only = false
    }

    private func values(
        _ arguments: [String],
        _ environment: [String: String] = [:]
    ) throws(ConfigurationError) -> Values {
        let line = try CommandLineParser(tool).parse(arguments)
        let settings = Settings(line, environment: environment)
        return Values(
            path: line.path,
            file: try settings.value(Options.file),
            refresh: try settings.flag(Options.refresh),
            output: try settings.value(Options.output),
            quiet: try settings.flag(Options.quiet),
            level: try settings.value(Options.level),
            only: try settings.flag(Options.only)
        )
    }

    func testTakesEveryFormOfAnOption() throws {
        let cases: [([String], Values)] = [
            ([], Values()),
            (["--file", "x"], Values(file: "x")),
            (["--file=x"], Values(file: "x")),
            (["-file", "x"], Values(file: "x")),
            (["-file=x"], Values(file: "x")),
            (["--file=a=b"], Values(file: "a=b")),
            (["--file", "--refresh"], Values(file: "--refresh")),
            (["--file", "-"], Values(file: "-")),
            (["--file=--"], Values(file: "--")),
            (["--file="], Values()),
            (["--file", ""], Values()),
            (["--file=a", "--file=b"], Values(file: "b")),
            (["--file=a", "--file="], Values()),
            (["--refresh"], Values(refresh: true)),
            (["-refresh"], Values(refresh: true)),
            (["--refresh", "--refresh=false"], Values()),
            (["-o", "x"], Values(output: "x")),
            (["-ox"], Values(output: "x")),
            (["-o=x"], Values(output: "x")),
            (["-o", "-q"], Values(output: "-q")),
            (["-q"], Values(quiet: true)),
            (["-q=false"], Values()),
            (["-qo", "x"], Values(output: "x", quiet: true)),
            (["-qox"], Values(output: "x", quiet: true)),
            (["-qo=x"], Values(output: "x", quiet: true)),
            (["--"], Values()),
            (["check"], Values(path: ["check"])),
            (["check", "--file=x", "--only"], Values(path: ["check"], file: "x", only: true)),
            (["--file=x", "--only", "check"], Values(path: ["check"], file: "x", only: true)),
            (["--quiet", "check", "--level=l"], Values(path: ["check"], quiet: true, level: "l")),
            (["--", "check"], Values(path: ["check"])),
            (["group", "deep", "-q"], Values(path: ["group", "deep"], quiet: true)),
        ]
        for (arguments, expected) in cases {
            XCTAssertEqual(try values(arguments), expected, "\(arguments)")
        }
    }

    func testReadsAFlagsValueAsGoDoes() throws {
        for text in ["1", "t", "T", "true", "TRUE", "True"] {
            XCTAssertTrue(try values(["--refresh=\(text)"]).refresh, text)
            XCTAssertTrue(try values([], ["T_REFRESH": text]).refresh, text)
        }
        for text in ["0", "f", "F", "false", "FALSE", "False"] {
            XCTAssertFalse(try values(["--refresh=\(text)"]).refresh, text)
            XCTAssertFalse(try values([], ["T_REFRESH": text]).refresh, text)
        }
        for text in ["", "yes", "tRUE", "2", " true", "on"] {
            assertFails(
                ["--refresh=\(text)"],
                .invalidValue(.option("--refresh"), value: text, expected: "true or false")
            )
        }
    }

    func testTheOptionWinsOverTheVariableAndThatOverTheDefault() throws {
        XCTAssertEqual(try values([], ["T_FILE": "e"]).file, "e")
        XCTAssertEqual(try values(["--file=a"], ["T_FILE": "e"]).file, "a")
        XCTAssertNil(try values(["--file="], ["T_FILE": "e"]).file)
        XCTAssertNil(try values([], ["T_FILE": ""]).file)
        XCTAssertFalse(try values(["--refresh=false"], ["T_REFRESH": "true"]).refresh)
        XCTAssertFalse(try values([], ["T_REFRESH": ""]).refresh)
        XCTAssertEqual(try values([]).output, "text")
    }

    private func assertFails(
        _ arguments: [String],
        environment: [String: String] = [:],
        _ expected: ConfigurationError,
        file: StaticString = #filePath,
        line: UInt = #line
    ) {
        XCTAssertThrowsError(try values(arguments, environment), "\(arguments)", file: file, line: line) {
            XCTAssertEqual($0 as? ConfigurationError, expected, "\(arguments)", file: file, line: line)
        }
    }

    func testNamesWhatItDoesNotUnderstand() {
        let cases: [([String], ConfigurationError)] = [
            (["--fil"], .unknownOption("--fil", suggestion: "--file")),
            (["--fiel=x"], .unknownOption("--fiel", suggestion: "--file")),
            (["-refrehs"], .unknownOption("-refrehs", suggestion: "--refresh")),
            (["--zzz"], .unknownOption("--zzz", suggestion: nil)),
            (["---file"], .unknownOption("---file", suggestion: "--file")),
            (["--=x"], .unknownOption("--", suggestion: nil)),
            (["-x"], .unknownOption("-x", suggestion: nil)),
            (["-qx"], .unknownOption("-qx", suggestion: nil)),
            (["--o", "x"], .unknownOption("--o", suggestion: nil)),
            (["--file"], .missingValue(option: "--file", expected: "a path")),
            (["-o"], .missingValue(option: "-o", expected: "a path")),
            (["-qo"], .missingValue(option: "-o", expected: "a path")),
            (["chekc"], .unknownCommand("chekc", suggestion: "check")),
            (["zzz"], .unknownCommand("zzz", suggestion: nil)),
            (["--refresh", "false"], .unknownCommand("false", suggestion: nil)),
            (["check", "more"], .unexpectedArgument("more")),
            (["check", "-"], .unexpectedArgument("-")),
            (["check", "--", "--file"], .unexpectedArgument("--file")),
            (["check", "help"], .unexpectedArgument("help")),
            (["group"], .missingCommand(["deep"])),
            (["check", "--refresh"], .unknownOption("--refresh", suggestion: nil)),
            (["--refresh", "check"], .misplacedOption("--refresh", command: "tool check")),
            (["--only"], .misplacedOption("--only", command: "tool")),
            (["-o=", "check"], .misplacedOption("-o", command: "tool check")),
            (["--output="], .invalidValue(.option("--output"), value: "", expected: "a path")),
            (["-h=maybe"], .invalidValue(.option("-h"), value: "maybe", expected: "true or false")),
        ]
        for (arguments, expected) in cases {
            assertFails(arguments, expected)
        }
        assertFails(
            [],
            environment: ["T_REFRESH": "x"],
            .invalidValue(.environment("T_REFRESH"), value: "x", expected: "true or false")
        )
    }

    func testHelpAndVersionEndTheParsing() throws {
        let cases: [([String], ParsedCommandLine.Request?)] = [
            (["-h"], .help([])), (["--help"], .help([])), (["-help"], .help([])),
            (["--help=true"], .help([])),
            (["--help", "--zzz"], .help([])), (["-qh"], .help([])), (["-hx"], .help([])),
            (["check", "--help"], .help(["check"])), (["group", "-h"], .help(["group"])),
            (["group", "deep", "-h"], .help(["group", "deep"])),
            (["help"], .help([])), (["h"], .help([])), (["help", "check"], .help(["check"])),
            (["help", "group", "deep"], .help(["group", "deep"])), (["help", "--anything"], .help([])),
            (["-v"], .version), (["--version"], .version), (["check", "--version"], .version),
            (["--version=false"], nil), (["--help=false"], nil),
        ]
        for (arguments, expected) in cases {
            XCTAssertEqual(try CommandLineParser(tool).parse(arguments).request, expected, "\(arguments)")
        }
        assertFails(["help", "zzz"], .unknownCommand("zzz", suggestion: nil))
    }

    func testSurvivesHostileArguments() {
        let long = String(repeating: "x", count: 100_000)
        for argument in [
            "--\(long)", "-\(long)", long, "--file=\(long)", "--\u{0}", "-é", "--\u{1F600}=x", "-=", "--=",
        ] {
            _ = try? values([argument])
            _ = try? values([argument, argument])
        }
        XCTAssertEqual(try values(Array(repeating: "--file=x", count: 10_000)).file, "x")
    }
}
