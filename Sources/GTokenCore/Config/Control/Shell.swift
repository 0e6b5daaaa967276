/// A shell that completes command lines.
package enum Shell: String, Sendable, CaseIterable {
    /// GNU Bash, 4 or newer.
    case bash
    /// The Z shell.
    case zsh
    /// The friendly interactive shell, 3 or newer.
    case fish

    /// `gtokenctl completion`.
    static let specification = CommandSpecification(
        "completion",
        summary: "Print a script that completes gtokenctl's command lines",
        isRunnable: false,
        commands: allCases.map {
            CommandSpecification($0.rawValue, summary: "For \($0.rawValue)", examples: [$0.example])
        }
    )

    private var example: CommandSpecification.Example {
        let purpose =
            switch self {
            case .bash: "In ~/.bashrc, as source <(...)"
            case .zsh: "In ~/.zshrc after compinit, as source <(...)"
            case .fish: "Once, into ~/.config/fish/completions/gtokenctl.fish"
            }
        return .init(purpose, "gtokenctl completion \(rawValue)")
    }
}
