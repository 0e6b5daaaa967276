import GTokenCore
import GTokenRuntime
import XCTest

final class UsageTextTests: XCTestCase {
    private let tools = [
        GTokenCommand.specification, WebhookCommand.specification, ControlCommand.specification,
    ]

    /// Each command of each tool, by its path.
    private var commands: [(tool: CommandSpecification, path: [String], command: CommandSpecification)] {
        tools.flatMap { tool in
            [(tool, [], tool)] + tool.commands.map { (tool, [$0.name], $0) }
        }
    }

    func testNamesEveryOptionWithItsVariableAndDefault() {
        for (tool, path, command) in commands {
            let text = UsageText(tool, path: path).text
            // As one line, because a wrap may fall inside a fact.
            let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            for option in (command.groups + tool.sharedGroups).flatMap(\.options) {
                XCTAssertTrue(text.contains("--\(option.name)"), option.name)
                if let name = option.environment {
                    XCTAssertTrue(flat.contains("environment: \(name)"), name)
                }
                if let value = option.defaultText { XCTAssertTrue(flat.contains("default: \(value)"), value) }
            }
            for subcommand in command.commands { XCTAssertTrue(text.contains("  \(subcommand.name) ")) }
        }
    }

    func testFitsASmallTerminal() {
        for (tool, path, _) in commands {
            let lines = UsageText(tool, path: path).text.split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            for line in lines.prefix(while: { $0 != "Examples:" }) {
                XCTAssertLessThan(line.count, 80, "\(line)")
                XCTAssertNotEqual(line.last, " ", "\(line)")
            }
        }
    }

    func testReadsAsATextOfSections() {
        let form = Option(
            "output",
            short: "o",
            .word("FORM", expecting: "text or json"),
            environment: "TOOL_OUTPUT",
            default: "text",
            help: "The form of what is printed, for people or for other programs to read"
        )
        let quiet = Option("quiet", .flag, environment: "TOOL_QUIET", help: "Print nothing")
        let tool = CommandSpecification(
            "tool",
            summary: "Do things",
            isRunnable: false,
            sharedGroups: [CommandSpecification.Standard.group],
            commands: [
                CommandSpecification(
                    "show",
                    summary: "Show a thing",
                    discussion: """
                        A first paragraph that is longer than one line of the text may be, and so is broken.

                        A second one.
                        """,
                    groups: [.init("Output", [form.specification, quiet.specification])],
                    examples: [.init("As JSON", "tool show -o json")]
                ),
                CommandSpecification("version", summary: "Print the version and exit"),
            ]
        )
        XCTAssertEqual(
            UsageText(tool, path: ["show"]).text,
            """
            Show a thing.

            Usage:
              tool show [options]

            A first paragraph that is longer than one line of the text may be, and so is
            broken.

            A second one.

            Output:
              -o, --output FORM
                    The form of what is printed, for people or for other programs to read
                    (default: text; environment: TOOL_OUTPUT)
                  --quiet
                    Print nothing (environment: TOOL_QUIET)

            General:
              -h, --help
                    Print this text and exit
              -v, --version
                    Print the version and exit

            Examples:
              # As JSON
              tool show -o json

            """
        )
        XCTAssertTrue(
            UsageText(tool).text.hasPrefix(
                """
                Do things.

                Usage:
                  tool [options] <command> [options]

                Commands:
                  show     Show a thing
                  version  Print the version and exit
                """
            )
        )
    }

    func testExamplesAreCommandLinesThatWork() throws {
        for (_, _, command) in commands {
            for example in command.examples where !example.line.hasPrefix("TOKEN=") {
                let words = example.line.split(separator: " ").map {
                    $0.replacing("$GTOKEN_IMAGE", with: "gtoken:1")
                }
                let arguments = words.dropFirst().map { String($0) }
                switch words[0] {
                case "gtoken": _ = try GTokenCommand(arguments: arguments, environment: [:])
                case "gtoken-webhook":
                    _ = try WebhookCommand(arguments: arguments, environment: [:], version: "")
                default: _ = try ControlCommand(arguments: arguments, environment: [:])
                }
            }
        }
    }

    func testAnUnknownPathGivesTheTool() {
        XCTAssertEqual(
            UsageText(GTokenCommand.specification, path: ["zzz"]).text,
            UsageText(GTokenCommand.specification).text
        )
    }
}
