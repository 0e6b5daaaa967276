import GTokenCore

extension CompletionScript {
    /// For fish 3 or newer.
    var fish: String {
        let lines = commands.flatMap { command in
            command.commands.map { next in
                "complete -c \(tool) -n \(condition(command)) -a \(quoted(next.name)) -d \(quoted(next.summary))"
            }
                + command.options.map { option in
                    let short = option.short.map { " -s \($0)" } ?? ""
                    return
                        "complete -c \(tool) -n \(condition(command)) -l \(option.name)\(short)\(value(option)) -d \(quoted(option.help))"
                }
        }
        return """
            # Completes \(tool) in fish: \(tool) completion fish >~/.config/fish/completions/\(tool).fish
            complete -c \(tool) -f
            \(lines.joined(separator: "\n"))

            """
    }

    private func value(_ option: OptionSpecification) -> String {
        if option.isFlag { return "" }
        if !option.choices.isEmpty { return " -x -a \(quoted(option.choices.joined(separator: " ")))" }
        return option.takesPath ? " -r -F" : " -x"
    }

    /// When a command is the one that is being written.
    private func condition(_ command: Command) -> String {
        command.path.count == 1
            ? "__fish_use_subcommand"
            : quoted(
                command.path.dropFirst().map { "__fish_seen_subcommand_from \($0)" }.joined(
                    separator: "; and "
                )
            )
    }

    /// A text in fish's single quotes, where `\` and `'` alone are escaped.
    private func quoted(_ text: String) -> String {
        let escaped = text.map { "\\'".contains($0) ? "\\\($0)" : String($0) }.joined()
        return "'\(escaped)'"
    }
}
