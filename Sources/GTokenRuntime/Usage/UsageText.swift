package import GTokenCore

/// The text that `--help` prints: everything a command takes, with variables and defaults.
package struct UsageText {
    private let tool: CommandSpecification
    private let path: [String]
    private let command: CommandSpecification
    /// Columns of the text; fewer than the 80 of a small terminal.
    private static let width = 79
    private static let indent = "  "
    private static let helpIndent = "        "

    /// The text for the command at this path; that of the tool itself where there is no such command.
    package init(_ tool: CommandSpecification, path: [String] = []) {
        self.tool = tool
        let command = tool.command(at: path)
        self.path = command == nil ? [] : path
        self.command = command ?? tool
    }

    /// The whole text, ready to print.
    package var text: String {
        var sections = [command.summary + ".", synopsis]
        if !command.discussion.isEmpty { sections.append(Self.paragraphs(command.discussion, indent: "")) }
        if !commands.isEmpty { sections.append(commands) }
        sections += groups.map { group in
            ([group.title + ":"] + group.options.map(Self.entry)).joined(separator: "\n")
        }
        if !command.examples.isEmpty { sections.append(examples) }
        return sections.joined(separator: "\n\n") + "\n"
    }

    private var name: String { ([tool.name] + path).joined(separator: " ") }

    private var synopsis: String {
        var lines: [String] = []
        if command.isRunnable { lines.append("\(name) [options]") }
        if !command.commands.isEmpty { lines.append("\(name) [options] <command> [options]") }
        return (["Usage:"] + lines.map { Self.indent + $0 }).joined(separator: "\n")
    }

    private var commands: String {
        guard !command.commands.isEmpty else { return "" }
        let column = (command.commands.map(\.name.count).max() ?? 0) + 2
        let lines = command.commands.map { command in
            let padding = String(repeating: " ", count: column - command.name.count)
            let hanging = Self.indent + String(repeating: " ", count: column)
            let summary = Self.wrap(command.summary[...], indent: hanging).dropFirst(hanging.count)
            return Self.indent + command.name + padding + summary
        }
        return (["Commands:"] + lines).joined(separator: "\n")
    }

    /// The command's own options, then those it shares with the commands above it.
    private var groups: [CommandSpecification.Group] {
        var shared: [CommandSpecification.Group] = []
        for depth in 0...path.count {
            guard let ancestor = tool.command(at: path.prefix(depth)) else { continue }
            shared = ancestor.sharedGroups + shared
        }
        return command.groups + shared
    }

    private var examples: String {
        let lines = command.examples.flatMap { example in
            [Self.indent + "# " + example.purpose, Self.indent + example.line]
        }
        return (["Examples:"] + lines).joined(separator: "\n")
    }

    /// An option's line, and below it what it does.
    private static func entry(_ option: OptionSpecification) -> String {
        var line = indent + (option.short.map { "-\($0), " } ?? "    ") + "--" + option.name
        if !option.isFlag { line += " " + option.placeholder }
        var facts: [String] = []
        if option.takesSeveral { facts.append("can be given several times") }
        if let text = option.defaultText { facts.append("default: \(text)") }
        if let name = option.environment {
            facts.append("environment: \(name)\(option.takesSeveral ? ", between commas" : "")")
        }
        let help = option.help + (facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))")
        return line + "\n" + paragraphs(help, indent: helpIndent)
    }

    /// Breaks lines between words; an empty line stays one.
    private static func paragraphs(_ text: String, indent: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { wrap($0, indent: indent) }
            .joined(separator: "\n")
    }

    private static func wrap(_ text: Substring, indent: String) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent.count + line.count + 1 + word.count > width {
                lines.append(indent + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return (lines + [line.isEmpty ? "" : indent + line]).joined(separator: "\n")
    }
}
