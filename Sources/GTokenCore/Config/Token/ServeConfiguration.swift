/// How `gtoken serve` runs.
public struct ServeConfiguration: Sendable, Equatable {
    /// Which credentials, and how.
    public var credentials: CredentialConfiguration
    /// Where it listens, on loopback.
    public var address: ListenAddress
    /// The file with what callers must send as `Authorization`.
    public var authorizationFile: String
    /// The permission bits that the file gets where it does not exist.
    public var authorizationFileMode: FileMode
    /// The file to write the endpoint's URL to; `nil` for none.
    public var urlFile: String?
    /// The log's level and form.
    public var log: LogForm
}

extension ServeConfiguration {
    enum Options {
        static let address = Option(
            "listen-address",
            .loopbackAddress,
            environment: "GTOKEN_LISTEN_ADDRESS",
            default: "127.0.0.1:9911",
            help: "Where to listen, on loopback; port 0 lets the system choose one"
        )
        static let authorizationFile = Option(
            "authorization-token-file",
            .path,
            environment: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            help:
                "The file with what callers must send as Authorization; made with a random text where there is none"
        )
        static let authorizationFileMode = Option(
            "authorization-mode",
            .fileMode,
            environment: "GTOKEN_AUTHORIZATION_MODE",
            default: "0600",
            help:
                "The permissions of that file where it is made, for an application that runs as another user"
        )
        static let urlFile = Option(
            "url-file",
            .path,
            environment: "GTOKEN_URL_FILE",
            help: "Write the endpoint's URL to this file, for AWS_CONTAINER_CREDENTIALS_FULL_URI"
        )
        static let group = CommandSpecification.Group(
            "Endpoint",
            [
                address.specification, authorizationFile.specification, authorizationFileMode.specification,
                urlFile.specification,
            ]
        )
    }

    init(_ settings: Settings) throws(ConfigurationError) {
        credentials = try CredentialConfiguration(settings)
        address = try settings.required(Options.address)
        authorizationFile = try settings.required(Options.authorizationFile)
        authorizationFileMode = try settings.required(Options.authorizationFileMode)
        urlFile = try settings.value(Options.urlFile)
        log = try LogForm(settings)
    }

    /// `gtoken serve`.
    static let specification = CommandSpecification(
        "serve",
        summary: "Serve credentials of a role on loopback, for SDKs without web identity",
        discussion: """
            For SDKs without web identity, and for a second role that all processes of a Pod share. Point \
            AWS_CONTAINER_CREDENTIALS_FULL_URI at http://127.0.0.1:9911/credentials and \
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE at the file with the authorization. Credentials are renewed well before \
            they expire, and served for as long as they last if AWS is away. GET /healthz answers 200 while there \
            are any.
            """,
        groups: [Options.group] + CredentialConfiguration.Options.groups
            + TokenSourceConfiguration.Options.groups + [LogForm.Options.group],
        examples: [
            .init(
                "One role, from the Pod's Google account",
                "gtoken serve --role-arn=arn:aws:iam::123456789012:role/reports"
                    + " --authorization-token-file=/var/run/gtoken/authorization"
            ),
            .init(
                "A role of another account, by way of ours",
                "gtoken serve --role-arn=arn:aws:iam::123456789012:role/reports"
                    + " --chain-role-arn=arn:aws:iam::210987654321:role/reader"
                    + " --authorization-token-file=/var/run/gtoken/authorization"
            ),
        ]
    )
}
