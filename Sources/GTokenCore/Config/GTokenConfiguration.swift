/// How `gtoken` gets a Google ID token and where it puts it.
public struct GTokenConfiguration: Sendable, Equatable {
    /// Where the token goes.
    public var output: TokenOutput
    /// Whether to go on, and to replace the token before it expires.
    public var refreshes: Bool
    /// The token's audience.
    public var audience: String
    /// Who is asked for the token.
    public var source: TokenSource
    /// The Google service account of the token; `nil` for the one that the Pod runs as.
    public var serviceAccount: GoogleServiceAccountEmail?
    /// Host and optional port of the metadata server.
    public var metadataHost: String
    /// How long to go on asking a source that does not answer well, until the first token is there.
    public var startupTimeout: Duration
    /// How long one request may take.
    public var requestTimeout: Duration
    /// The log's level and form.
    public var log: LogForm

    /// The defaults: one token, printed, for the account that the Pod runs as.
    public init() {
        output = .standardOutput
        refreshes = false
        audience = Self.defaultAudience
        source = .auto
        serviceAccount = nil
        metadataHost = "169.254.169.254"
        startupTimeout = .seconds(60)
        requestTimeout = .seconds(15)
        log = LogForm()
    }

    /// The audience of the Go project, which its users' trust policies name.
    public static let defaultAudience = "gtoken/sts/assume-role-with-web-identity"
}

/// Where `gtoken` puts a token.
public enum TokenOutput: Sendable, Equatable {
    /// Standard output; what is printed is the result.
    case standardOutput
    /// A file, replaced as a whole.
    case file(String)

    /// The place that a path stands for: `-` and `/dev/stdout` are standard output, as is no path.
    public init(path: String?) {
        switch path {
        case nil, "-", "/dev/stdout": self = .standardOutput
        case .some(let path): self = .file(path)
        }
    }
}

/// Who gives `gtoken` its token.
public enum TokenSource: String, Sendable, CaseIterable {
    /// The best that is there; the metadata server.
    case auto
    /// Google's metadata server.
    case metadata
}

/// What `gtoken check` looks at.
public struct TokenCheckConfiguration: Sendable, Equatable {
    /// The token file.
    public var file: String
    /// How long the token must still be valid.
    public var minimumTimeLeft: Duration

    /// A check that a file's token is still valid for this long.
    public init(file: String, minimumTimeLeft: Duration = .zero) {
        self.file = file
        self.minimumTimeLeft = minimumTimeLeft
    }
}

/// What a command line asks of `gtoken`.
public enum GTokenCommand: Sendable, Equatable {
    /// Get a token.
    case run(GTokenConfiguration)
    /// Say whether a file has an unexpired token.
    case check(TokenCheckConfiguration)
    /// Print how the command with this path of names is used.
    case help([String])
    /// Print the version.
    case version

    /// Reads a command line, without the tool's own name, and an environment.
    ///
    /// - Throws: ``ConfigurationError``, which names the option or variable.
    public init(arguments: [String], environment: [String: String]) throws(ConfigurationError) {
        let line = try CommandLineParser(Self.specification).parse(arguments)
        let settings = Settings(line, environment: environment)
        switch (line.request, line.path.first) {
        case (.help(let path), _): self = .help(path)
        case (.version, _), (nil, "version"): self = .version
        case (nil, "check"): self = .check(try TokenCheckConfiguration(settings))
        case (nil, _): self = .run(try GTokenConfiguration(settings))
        }
    }
}
