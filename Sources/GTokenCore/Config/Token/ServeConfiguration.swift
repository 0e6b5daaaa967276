/// How `gtoken serve` serves credentials on loopback.
public struct ServeConfiguration: Sendable, Equatable {
    /// Which credentials.
    public var credentials: RoleCredentialsConfiguration
    /// Where: an address of loopback.
    public var listenAddress: ListenAddress
    /// The file with the text that clients have to show; made where it is not there.
    public var authorizationTokenFile: String
}

extension ServeConfiguration {
    enum Options {
        static let listenAddress = Option(
            "listen-address",
            OptionKind<ListenAddress>("ADDRESS", expecting: "an address of loopback, such as 127.0.0.1:9911")
            { text in
                ListenAddress(parsing: text).flatMap {
                    $0.host == "::1" || $0.host.hasPrefix("127.") ? $0 : nil
                }
            },
            environment: "GTOKEN_LISTEN_ADDRESS",
            default: "127.0.0.1:9911",
            help: "Where to serve"
        )
        static let authorizationTokenFile = Option(
            "authorization-token-file",
            .path,
            environment: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            help: "The file with the text that clients have to show, made where it is not there"
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        credentials = try RoleCredentialsConfiguration(settings)
        listenAddress = try settings.required(Options.listenAddress)
        authorizationTokenFile = try settings.required(Options.authorizationTokenFile)
    }

    /// `gtoken serve`.
    static let specification = CommandSpecification(
        "serve",
        summary: "Serve credentials of a role on loopback, for SDKs without web identity",
        discussion: """
            The endpoint is the one that AWS's SDKs know from containers: point AWS_CONTAINER_CREDENTIALS_FULL_URI at \
            http://127.0.0.1:9911/ and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE at the same file. Credentials are \
            renewed ahead of their end; while STS is away, the ones at hand are served as long as they last.
            """,
        groups: [
            .init(
                "Endpoint",
                [Options.listenAddress.specification, Options.authorizationTokenFile.specification]
            )
        ] + RoleCredentialsConfiguration.Options.groups,
        examples: [
            .init(
                "Beside a program that knows no web identity",
                """
                gtoken serve --role-arn=arn:aws:iam::123456789012:role/app \
                --authorization-token-file=/run/gtoken/authorization
                """
            )
        ]
    )
}
