/// A tool or one of its commands: what it takes and what its usage text says.
package struct CommandSpecification: Sendable {
    /// Options under one heading of the usage text.
    package struct Group: Sendable {
        /// The heading, without a colon.
        package let title: String
        /// What stands under it, in order.
        package let options: [OptionSpecification]

        /// A heading and what stands under it.
        package init(_ title: String, _ options: [OptionSpecification]) {
            self.title = title
            self.options = options
        }
    }

    /// A line to try, with what it is for.
    package struct Example: Sendable {
        /// What the line is for.
        package let purpose: String
        /// The command line, which may break after a backslash.
        package let line: String

        /// A line to try, with what it is for.
        package init(_ purpose: String, _ line: String) {
            self.purpose = purpose
            self.line = line
        }
    }

    /// What is typed for it.
    package let name: String
    /// What it does, in one line.
    package let summary: String
    /// More about it, in paragraphs.
    package let discussion: String
    /// Whether it does something without a command.
    package let isRunnable: Bool
    /// Options of this command alone.
    package let groups: [Group]
    /// Options of this command and all below it.
    package let sharedGroups: [Group]
    /// What can follow it; empty for a command without others below it.
    package let commands: [CommandSpecification]
    /// Lines to try, for the end of the usage text.
    package let examples: [Example]

    /// A tool or command.
    package init(
        _ name: String,
        summary: String,
        discussion: String = "",
        isRunnable: Bool = true,
        groups: [Group] = [],
        sharedGroups: [Group] = [],
        commands: [CommandSpecification] = [],
        examples: [Example] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.isRunnable = isRunnable
        self.groups = groups
        self.sharedGroups = sharedGroups
        self.commands = commands
        self.examples = examples
    }

    /// The options of this command alone, whatever their group.
    var ownOptions: [OptionSpecification] { groups.flatMap(\.options) }
    var sharedOptions: [OptionSpecification] { sharedGroups.flatMap(\.options) }

    /// The command at the end of this path of names; `nil` where there is none.
    package func command(at path: some Sequence<String>) -> CommandSpecification? {
        var command = self
        for name in path {
            guard let next = command.commands.first(where: { $0.name == name }) else { return nil }
            command = next
        }
        return command
    }

    /// The options that every tool has.
    package enum Standard {
        /// `-h`, `--help`.
        package static let help = Option("help", short: "h", .flag, help: "Print this text and exit")
        /// `-v`, `--version`.
        package static let version = Option("version", short: "v", .flag, help: "Print the version and exit")
        /// Both, under one heading.
        package static let group = Group("General", [help.specification, version.specification])
    }
}
