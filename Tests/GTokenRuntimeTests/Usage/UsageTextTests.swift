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
        XCTAssertEqual(
            UsageText(ControlCommand.specification, path: ["demo"]).text,
            """
            Show the whole way from a Pod to its AWS role, on this machine.

            Usage:
              gtokenctl demo [options]

            Google, AWS and the Kubernetes API are emulated on loopback; the webhook and
            gtoken are the real ones. Exits with 0 when everything went as it should.

            Demonstration:
                  --keep
                    Leave the emulators running, and print what a real aws command needs to
                    use them (environment: GTOKENCTL_KEEP)
              -o, --output FORM
                    The form of what is printed: text or json (default: text; environment:
                    GTOKENCTL_OUTPUT)
                  --sidecar FORM
                    The form of injection to show: native, container, or auto (by the
                    emulated cluster) (default: auto; environment: GTOKENCTL_SIDECAR)

            General:
              -h, --help
                    Print this text and exit
              -v, --version
                    Print the version and exit

            Examples:
              # The whole way
              gtokenctl demo
              # With ordinary containers, for a program to read
              gtokenctl demo --sidecar=container -o json
            """
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
