import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Makes the clients of Google that a configuration needs, and no others: trusted certificates are read for those alone who
/// ask on the internet.
struct GoogleClients {
    private let configuration: TokenSourceConfiguration
    private let environment: [String: String]
    private let loop: EventLoop
    private let clock: any Clock

    init(_ configuration: TokenSourceConfiguration, _ environment: [String: String], _ loop: EventLoop) {
        self.configuration = configuration
        self.environment = environment
        self.loop = loop
        clock = LoopClock(loop)
    }

    /// The metadata server's.
    func metadata() throws(ToolError) -> MetadataClient {
        do throws(HTTPURLError) {
            return try MetadataClient(
                host: configuration.metadataHost,
                timeout: configuration.requestTimeout,
                http: HTTPClient(loop: loop)
            )
        } catch {
            throw ToolError("--metadata-host: \(error)", exitCode: .configuration)
        }
    }

    /// The file of application default credentials; `nil` where there is none.
    func file() throws(ToolError) -> ApplicationDefaultCredentials? {
        do throws(GoogleCredentialError) {
            return try ApplicationDefaultCredentials.load(environment: environment)
        } catch {
            throw ToolError("\(error)", hint: error.hint, exitCode: .configuration)
        }
    }

    /// ID tokens with a file's credentials: a key's own, or through IAM Credentials those of the account that is named.
    func idTokens(
        of file: ApplicationDefaultCredentials,
        _ logger: Logger
    ) throws(ToolError) -> TokenRefresher.Source {
        guard case .serviceAccount(let key) = file.kind,
            configuration.serviceAccount.map({ "\($0)" == key.email }) ?? true
        else { return try iamCredentials(file: file) }
        logger.warning(
            "tokens made with a key have the e-mail as azp: the trust policy needs it in accounts.google.com:aud",
            LogField("email", key.email)
        )
        let tokens = KeyIDTokens(
            of: key,
            audience: configuration.audience,
            clock: clock,
            transport: try means().transport
        )
        return { () async throws(IDTokenError) in try await tokens.idToken() }
    }

    /// ID tokens from IAM Credentials, asked with a file's credentials, or with the metadata server's access token.
    func iamCredentials(file: ApplicationDefaultCredentials?) throws(ToolError) -> TokenRefresher.Source {
        let means = try means()
        let metadata = try metadata()
        var account: IAMCredentialsIDTokens.Account = { () async throws(IDTokenError) in
            try await metadata.account()
        }
        var delegates = configuration.delegates
        let source: any GoogleAccessTokenSource
        do {
            if let file {
                source = try file.innermostAccessTokens(means)
                let impersonated = try file.impersonated()
                if delegates.isEmpty { delegates = impersonated?.delegates ?? [] }
                let own = try impersonated?.account ?? Self.account(of: file)
                account = { () async throws(IDTokenError) in
                    guard let own else { throw .unknownAccount }
                    return own
                }
            } else {
                source = try MetadataAccessToken(
                    environment: ["GCE_METADATA_HOST": configuration.metadataHost],
                    clock: clock,
                    transport: means.transport
                )
            }
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
        if let named = configuration.serviceAccount { account = { () async throws(IDTokenError) in named } }
        let tokens = IAMCredentialsIDTokens(
            of: account,
            through: delegates,
            audience: configuration.audience,
            includesEmail: configuration.includesEmail,
            by: means.api(source)
        )
        return { () async throws(IDTokenError) in try await tokens.idToken() }
    }

    private static func account(
        of file: ApplicationDefaultCredentials
    ) throws(NameError) -> GoogleServiceAccountEmail? {
        guard case .serviceAccount(let key) = file.kind else { return nil }
        return try GoogleServiceAccountEmail(parsing: key.email)
    }

    private func means() throws(ToolError) -> ApplicationDefaultCredentials.Means {
        let http: HTTPClient
        let endpoints: GoogleEndpoints
        do {
            endpoints = try GoogleEndpoints(environment: environment)
            http = try HTTPClient.internet(on: loop, environment: environment)
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
        // Whoever asks has patience of its own.
        var limits = GoogleAPIClient.Limits()
        limits.maxAttempts = 1
        limits.patience = configuration.requestTimeout
        return ApplicationDefaultCredentials.Means(
            environment: environment,
            endpoints: endpoints,
            limits: limits,
            clock: clock,
            transport: { request throws(HTTPClientError) in
                // The next one is in most of an hour: a kept connection would only wake us to be closed.
                var request = request
                request.keepsConnection = false
                return try await http.send(request)
            }
        )
    }
}
