import GTokenCore
import GTokenRuntime

extension CompletionScript {
    /// For GNU Bash 4 or newer, without the bash-completion package.
    ///
    /// Readline takes a line apart at `=` too, so an option and its value are three words there.
    var bash: String {
        """
        # Completes \(tool) in bash: source <(\(tool) completion bash)
        _\(tool)() {
            local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=\(tool) words= i
            if [[ $word == = ]]; then
                word=
            elif [[ $previous == = ]]; then
                previous=${COMP_WORDS[COMP_CWORD - 2]}
            fi
            COMPREPLY=()
            for ((i = 1; i < COMP_CWORD; i++)); do
                case "$command ${COMP_WORDS[i]}" in
                \(pattern(commands.dropFirst().map(\.line)))) command="$command ${COMP_WORDS[i]}" ;;
                esac
            done
            case "$command $previous" in
        \(valueCases.joined(separator: "\n"))
            esac
            case "$command" in
        \(wordCases.joined(separator: "\n"))
            esac
            mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
            [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null || :
            return 0
        }
        complete -F _\(tool) \(tool)

        """
    }

    private var valueCases: [String] {
        let options = commands.flatMap { command in
            command.options.filter { !$0.isFlag }.map { (command, $0) }
        }
        func lines(_ isMeant: (OptionSpecification) -> Bool) -> [String] {
            options.filter { isMeant($0.1) }.flatMap { command, option in
                option.spellings.map { "\(command.line) \($0)" }
            }
        }
        var cases: [String] = []
        var seen: Set<[String]> = []
        for (_, option) in options where !option.choices.isEmpty && seen.insert(option.choices).inserted {
            cases.append(
                """
                    \(pattern(lines { $0.choices == option.choices })))
                        mapfile -t COMPREPLY < <(compgen -W \(option.choices.joined(separator: " ").shellQuoted) -- "$word")
                        return 0 ;;
                """
            )
        }
        let paths = lines(\.takesPath)
        if !paths.isEmpty {
            cases.append(
                """
                    \(pattern(paths)))
                        compopt -o filenames 2>/dev/null || :
                        mapfile -t COMPREPLY < <(compgen -f -- "$word")
                        return 0 ;;
                """
            )
        }
        let others = lines { $0.choices.isEmpty && !$0.takesPath }
        if !others.isEmpty { cases.append("    \(pattern(others))) return 0 ;;") }
        return cases
    }

    private var wordCases: [String] {
        commands.map { command in
            let options = command.options.map { "--\($0.name)" + ($0.isFlag ? "" : "=") }
            let words = command.commands.map(\.name) + options
            return "    \(command.line.shellQuoted)) words=\(words.joined(separator: " ").shellQuoted) ;;"
        }
    }

    /// What matches one of these texts.
    func pattern(_ texts: [String]) -> String { texts.map(\.shellQuoted).joined(separator: " | ") }
}
