/// What a command line asks of `gtoken`.
public enum GTokenCommand: Sendable, Equatable {
    /// Get a token.
    case run(GTokenConfiguration)
    /// Say whether a file has an unexpired token.
    case check(TokenCheckConfiguration)
    /// Show what a token says.
    case inspect(TokenInspectConfiguration)
    /// Print credentials of a role.
    case credentialProcess(CredentialProcessConfiguration)
    /// Serve credentials of a role.
    case serve(ServeConfiguration)
    /// Print how the command with this path of names is used.
    case help([String])
    /// Print the version.
    case version

    /// Reads a command line, without the tool's own name, and an environment.
    ///
    /// - Throws: ``ConfigurationError``, which names the option or variable.
    public init(arguments: [String], environment: [String: String]) throws(ConfigurationError) {
        let line = try CommandLineParser(Self.specification).parse(arguments)
        let settings = Settings(
            line,
            environment: environment.filling([
                "AWS_REGION": "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_STS": "AWS_ENDPOINT_URL",
            ])
        )
        switch (line.request, line.path.first) {
        case (.help(let path), _): self = .help(path)
        case (.version, _), (nil, "version"): self = .version
        case (nil, "check"): self = .check(try TokenCheckConfiguration(settings))
        case (nil, "inspect"): self = .inspect(try TokenInspectConfiguration(settings))
        case (nil, "credential-process"):
            self = .credentialProcess(try CredentialProcessConfiguration(settings))
        case (nil, "serve"): self = .serve(try ServeConfiguration(settings))
        case (nil, _): self = .run(try GTokenConfiguration(settings))
        }
    }
}

extension GTokenCommand {
    /// What `gtoken` takes.
    package static let specification = CommandSpecification(
        "gtoken",
        summary: "Get a Google ID token for AWS SDKs to use, and keep it fresh",
        discussion: """
            Point AWS_WEB_IDENTITY_TOKEN_FILE at the file, and AWS_ROLE_ARN at a role that trusts the token's \
            service account; the SDKs do the rest.

            With --refresh and no --file, each new token is printed on a line of its own. Without --refresh, \
            the token is printed as it is, with no line feed unless standard output is a terminal.
            """,
        groups: TokenSourceConfiguration.Options.groups + [
            GTokenConfiguration.Options.group, LogForm.Options.group,
        ],
        sharedGroups: [CommandSpecification.Standard.group],
        commands: [
            TokenCheckConfiguration.specification,
            TokenInspectConfiguration.specification,
            CredentialProcessConfiguration.specification,
            ServeConfiguration.specification,
            CommandSpecification("version", summary: "Print the version and exit"),
        ],
        examples: [
            .init("One token, to a file", "gtoken --file=/var/run/secrets/aws/token/gtoken"),
            .init("Keep the file fresh", "gtoken --file=/var/run/secrets/aws/token/gtoken --refresh"),
            .init("One token, to a variable", "TOKEN=$(gtoken --audience=sts.amazonaws.com)"),
        ]
    )
}
