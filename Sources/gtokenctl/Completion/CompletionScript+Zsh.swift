import GTokenCore
import GTokenRuntime

extension CompletionScript {
    /// For the Z shell, to be sourced after `compinit`, or to lie on `fpath` as `_gtokenctl`.
    var zsh: String {
        """
        #compdef \(tool)
        # Completes \(tool) in zsh: source <(\(tool) completion zsh)
        _\(tool)() {
            local command=\(tool) current=${words[CURRENT]} option=${words[CURRENT-1]} word
            local -a commands options
            for word in "${(@)words[2,CURRENT-1]}"; do
                case "$command $word" in
                (\(pattern(commands.dropFirst().map(\.line)))) command="$command $word" ;;
                esac
            done
            if [[ $current == --*=* ]]; then
                option=${current%%=*}
                compset -P '*='
            fi
            case "$command $option" in
        \(zshValueCases.joined(separator: "\n"))
            esac
            case "$command" in
        \(zshWordCases.joined(separator: "\n"))
            esac
            (( $#commands )) && _describe -t commands command commands
            (( $#options )) && _describe -o -t options option options -S ''
            return 0
        }
        if [[ $funcstack[1] == _\(tool) ]]; then
            _\(tool) "$@"
        else
            compdef _\(tool) \(tool)
        fi

        """
    }

    private var zshValueCases: [String] {
        commands.flatMap { command in
            command.options.filter { !$0.isFlag }.map { option in
                let lines = pattern(option.spellings.map { "\(command.line) \($0)" })
                if !option.choices.isEmpty {
                    return
                        "    (\(lines)) compadd -- \(option.choices.map(\.shellQuoted).joined(separator: " ")); return ;;"
                }
                return "    (\(lines)) \(option.takesPath ? "_files; " : "")return ;;"
            }
        }
    }

    private var zshWordCases: [String] {
        commands.map { command in
            let commands = command.commands.map { described($0.name, $0.summary) }
            let options = command.options.map { described("--\($0.name)" + ($0.isFlag ? "" : "="), $0.help) }
            return """
                    (\(command.line.shellQuoted))
                        commands=(\(commands.joined(separator: " ")))
                        options=(\(options.joined(separator: " "))) ;;
                """
        }
    }

    /// `_describe` takes a word and what it is apart at the first colon.
    private func described(_ word: String, _ help: String) -> String { "\(word):\(help)".shellQuoted }
}
