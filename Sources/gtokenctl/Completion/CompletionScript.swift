import GTokenCore

/// The script by which a shell completes a tool's command lines: commands, options, and the words that an option takes.
struct CompletionScript {
    /// A command with all that may follow it.
    struct Command {
        /// The words that lead to it, the tool's name first.
        let path: [String]
        let options: [OptionSpecification]
        let commands: [CommandSpecification]

        /// The words as one text, which no other command has.
        var line: String { path.joined(separator: " ") }
    }

    /// Every command, the tool itself first.
    let commands: [Command]
    let tool: String

    /// The script for a tool's command lines.
    init(_ specification: CommandSpecification) {
        tool = specification.name
        commands = Self.flattened(specification, path: [], shared: [])
    }

    /// The script in a shell's language.
    func text(for shell: Shell) -> String {
        switch shell {
        case .bash: bash
        case .zsh: zsh
        case .fish: fish
        }
    }

    private static func flattened(
        _ command: CommandSpecification,
        path: [String],
        shared: [OptionSpecification]
    ) -> [Command] {
        let path = path + [command.name]
        let shared = shared + command.sharedGroups.flatMap(\.options)
        let own = command.groups.flatMap(\.options)
        return [Command(path: path, options: own + shared, commands: command.commands)]
            + command.commands.flatMap { flattened($0, path: path, shared: shared) }
    }
}

extension OptionSpecification {
    /// Both spellings, with their dashes.
    var spellings: [String] { ["--\(name)"] + (short.map { ["-\($0)"] } ?? []) }

    /// Whether its value is a file or a folder.
    var takesPath: Bool { placeholder == "PATH" }
}
