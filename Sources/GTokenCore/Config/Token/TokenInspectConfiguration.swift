/// What `gtoken inspect` looks at.
public struct TokenInspectConfiguration: Sendable, Equatable {
    /// Where the token is.
    public var input: TokenInput
    /// The form of what is printed.
    public var output: OutputForm

    /// A look at a token, for people to read unless said otherwise.
    public init(input: TokenInput = .standardInput, output: OutputForm = .text) {
        self.input = input
        self.output = output
    }
}

/// Where `gtoken` finds a token.
public enum TokenInput: Sendable, Equatable {
    /// Standard input.
    case standardInput
    /// A file.
    case file(String)

    /// The place that a path stands for: `-` is standard input, as is no path.
    public init(path: String?) {
        switch path {
        case nil, "-", "/dev/stdin": self = .standardInput
        case .some(let path): self = .file(path)
        }
    }
}

extension TokenInspectConfiguration {
    enum Options {
        static let file = Option(
            "file",
            .path,
            environment: "AWS_WEB_IDENTITY_TOKEN_FILE",
            help: "The token file; standard input when not given, or for -"
        )
        static let output = OutputForm.option(environment: "GTOKEN_OUTPUT")
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        input = TokenInput(path: try settings.value(Options.file))
        output = try settings.required(Options.output)
    }

    /// `gtoken inspect`.
    static let specification = CommandSpecification(
        "inspect",
        summary: "Show what a token says, and what AWS compares of it",
        discussion: """
            Prints the claims, the time left, and the condition keys with which a role's trust policy can pin the \
            token. The signature is neither verified nor printed.
            """,
        groups: [.init("Token", [Options.file.specification, Options.output.specification])],
        examples: [
            .init("A Pod's token", "gtoken inspect --file=/var/run/secrets/aws/token/gtoken"),
            .init("One from standard input, for a program to read", "gtoken inspect -o json"),
        ]
    )
}
