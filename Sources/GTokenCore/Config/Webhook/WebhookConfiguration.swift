/// How `gtoken-webhook server` runs.
public struct WebhookConfiguration: Sendable, Equatable {
    /// Where Pods are reviewed.
    public var listenAddress: ListenAddress
    /// Where metrics are served; `nil` for the same address as everything else.
    public var telemetryListenAddress: ListenAddress?
    /// Where the serving certificate comes from.
    public var certificates: WebhookCertificates
    /// How the API server knows the webhook.
    public var registration: WebhookRegistration
    /// The path of the certificates, in PEM, that a caller's must chain to for its reviews to be answered; `nil` to
    /// answer everybody's.
    public var clientCAFile: String?
    /// The oldest TLS version that is spoken.
    public var minimumTLSVersion: MinimumTLSVersion
    /// The URL of the Kubernetes API without authentication, for development; `nil` for the cluster that the
    /// webhook runs in, or that of `KUBECONFIG`.
    public var kubernetesAPI: String?
    /// How long to go on answering after a signal to end, while the API server learns to call others.
    public var shutdownDelay: Duration
    /// What is injected, and when.
    public var injection: InjectionConfiguration
    /// The log's level and form.
    public var log: LogForm

    /// A kubelet takes a Pod that ends out of its Service's endpoints at once; nodes learn of it within a second
    /// or two.
    static let standardShutdownDelay = Duration.seconds(2)

    /// The defaults: plain HTTP on port 8443 of every address.
    public init(injection: InjectionConfiguration = InjectionConfiguration()) {
        listenAddress = .standard
        telemetryListenAddress = nil
        certificates = .none
        registration = WebhookRegistration()
        clientCAFile = nil
        minimumTLSVersion = .v1_2
        kubernetesAPI = nil
        shutdownDelay = Self.standardShutdownDelay
        self.injection = injection
        log = LogForm()
    }
}

/// What a command line asks of `gtoken-webhook`.
public enum WebhookCommand: Sendable, Equatable {
    /// Serve.
    case server(WebhookConfiguration)
    /// Print how the command with this path of names is used.
    case help([String])
    /// Print the version.
    case version

    /// Reads a command line, without the tool's own name, and an environment.
    ///
    /// - Parameters:
    ///   - arguments: Options and the command, in any order.
    ///   - environment: All of the process's variables.
    ///   - version: What to note on injected Pods.
    /// - Throws: ``ConfigurationError``, which names the option or variable.
    public init(
        arguments: [String],
        environment: [String: String],
        version: String
    ) throws(ConfigurationError) {
        let line = try CommandLineParser(Self.specification).parse(arguments)
        let settings = Settings(line, environment: environment)
        switch (line.request, line.path.first) {
        case (.help(let path), _): self = .help(path)
        case (.version, _), (nil, "version"): self = .version
        case (nil, _): self = .server(try WebhookConfiguration(settings, version: version))
        }
    }
}
