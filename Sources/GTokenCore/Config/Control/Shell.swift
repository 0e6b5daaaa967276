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
        switch self {
        case .bash: .init("In ~/.bashrc", "source <(gtokenctl completion bash)")
        case .zsh: .init("In ~/.zshrc, after compinit", "source <(gtokenctl completion zsh)")
        case .fish:
            .init("Once", "gtokenctl completion fish >~/.config/fish/completions/gtokenctl.fish")
        }
    }
}
