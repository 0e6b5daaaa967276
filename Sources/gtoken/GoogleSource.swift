import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Where this run's ID tokens come from, made from its configuration.
struct GoogleSource {
    /// Asks for one token.
    let idToken: TokenRefresher.Source
    /// Asks somebody else, where the first has none that lasts; `nil` where that is not allowed, or the same.
    let fallback: TokenRefresher.Source?

    /// Makes the clients that the configuration asks for; nothing is asked yet.
    ///
    /// - Throws: `ToolError` where a setting, or the file of application default credentials, cannot be used.
    init(
        _ configuration: TokenSourceConfiguration,
        environment: [String: String],
        on loop: EventLoop,
        logger: Logger
    ) throws(ToolError) {
        let clients = GoogleClients(configuration, environment, loop)
        switch configuration.source {
        case .metadata:
            (idToken, fallback) = try Self.metadata(configuration, clients)
        case .iamCredentials:
            idToken = try clients.iamCredentials(file: clients.file())
            fallback = nil
        case .adc:
            guard let file = try clients.file() else {
                throw ToolError(
                    "there is no file of application default credentials",
                    hint:
                        "set GOOGLE_APPLICATION_CREDENTIALS, or run 'gcloud auth application-default login'",
                    exitCode: .configuration
                )
            }
            idToken = try clients.idTokens(of: file, logger)
            fallback = nil
        case .auto:
            if let file = try clients.file() {
                logger.info("asking with application default credentials", LogField("file", file.path))
                idToken = try clients.idTokens(of: file, logger)
                fallback = nil
            } else {
                logger.info("asking the metadata server", LogField("host", configuration.metadataHost))
                (idToken, fallback) = try Self.metadata(configuration, clients)
            }
        }
    }

    private static func metadata(
        _ configuration: TokenSourceConfiguration,
        _ clients: GoogleClients
    ) throws(ToolError) -> (TokenRefresher.Source, TokenRefresher.Source?) {
        let metadata = try clients.metadata()
        let (audience, account) = (configuration.audience, configuration.serviceAccount)
        return (
            { () async throws(IDTokenError) in
                try await metadata.idToken(audience: audience, account: account)
            },
            configuration.allowsIAMFallback ? try clients.iamCredentials(file: nil) : nil
        )
    }
}

extension ToolError {
    /// Why there is no token, and what to do about it.
    init(_ error: IDTokenError) {
        self.init("no ID token: \(error)", hint: error.hint, exitCode: error.exitCode)
    }
}
