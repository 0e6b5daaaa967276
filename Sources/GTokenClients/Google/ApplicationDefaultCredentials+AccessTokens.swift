package import GTokenCore
internal import GTokenNet
package import GTokenRuntime

extension ApplicationDefaultCredentials {
    /// What the file's credentials ask Google with.
    package struct Means: Sendable {
        let environment: [String: String]
        let endpoints: GoogleEndpoints
        let limits: GoogleAPIClient.Limits
        let clock: any Clock
        /// What sends.
        package let transport: GoogleAPIClient.Transport

        /// The tool's environment, where Google's APIs are, how patiently they are asked, and what sends.
        package init(
            environment: [String: String],
            endpoints: GoogleEndpoints,
            limits: GoogleAPIClient.Limits = .init(),
            clock: any Clock,
            transport: @escaping GoogleAPIClient.Transport
        ) {
            self.environment = environment
            self.endpoints = endpoints
            self.limits = limits
            self.clock = clock
            self.transport = transport
        }

        /// A client that calls with these tokens.
        package func api(_ source: any GoogleAccessTokenSource) -> GoogleAPIClient {
            GoogleAPIClient(
                endpoints: endpoints,
                tokens: CachedAccessTokens(source, clock: clock),
                limits: limits,
                clock: clock,
                transport: transport
            )
        }
    }

    /// Their access tokens.
    ///
    /// - Throws: ``GoogleCredentialError/unusableFile(path:reason:)``.
    package func accessTokens(_ means: Means) throws(GoogleCredentialError) -> any GoogleAccessTokenSource {
        try Self.accessTokens(of: kind, path, means)
    }

    /// Access tokens of those who may act as the file's account; those of the file itself where it is nobody else's.
    ///
    /// - Throws: ``GoogleCredentialError/unusableFile(path:reason:)``.
    package func innermostAccessTokens(
        _ means: Means
    ) throws(GoogleCredentialError) -> any GoogleAccessTokenSource {
        guard case .impersonated(_, _, let inner) = kind else { return try accessTokens(means) }
        return try Self.accessTokens(of: inner, path, means)
    }

    /// The account that the file's credentials act as, and through whom; `nil` for a person, and for a key, which acts as its
    /// own account.
    ///
    /// - Throws: ``GoogleCredentialError/unusableFile(path:reason:)``.
    package func impersonated() throws(GoogleCredentialError) -> (
        account: GoogleServiceAccountEmail, delegates: [GoogleServiceAccountEmail]
    )? {
        guard case .impersonated(let email, let delegates, _) = kind else { return nil }
        return try Self.accounts(email, delegates, path)
    }

    private static func accessTokens(
        of kind: Kind,
        _ path: String,
        _ means: Means
    ) throws(GoogleCredentialError) -> any GoogleAccessTokenSource {
        switch kind {
        case .authorizedUser(let user):
            return OAuthAccessToken(
                of: user,
                at: try tokenURL(means.environment),
                clock: means.clock,
                transport: means.transport
            )
        case .serviceAccount(let key):
            return OAuthAccessToken(of: key, clock: means.clock, transport: means.transport)
        case .impersonated(let email, let delegates, let inner):
            let (account, through) = try accounts(email, delegates, path)
            return ImpersonatedAccessToken(
                of: account,
                through: through,
                by: means.api(try accessTokens(of: inner, path, means))
            )
        }
    }

    private static func accounts(
        _ email: String,
        _ delegates: [String],
        _ path: String
    ) throws(GoogleCredentialError) -> (
        account: GoogleServiceAccountEmail, delegates: [GoogleServiceAccountEmail]
    ) {
        do throws(NameError) {
            var through: [GoogleServiceAccountEmail] = []
            for delegate in delegates {
                let name = delegate.split(separator: "/").last ?? ""
                through.append(try GoogleServiceAccountEmail(parsing: String(name)))
            }
            return (try GoogleServiceAccountEmail(parsing: email), through)
        } catch {
            throw .unusableFile(path: path, reason: "\(error)")
        }
    }

    /// Google's token endpoint, or the one of gcloud's variable.
    private static func tokenURL(_ environment: [String: String]) throws(GoogleCredentialError) -> HTTPURL {
        let variable = "CLOUDSDK_AUTH_TOKEN_HOST"
        let text =
            environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? "https://oauth2.googleapis.com/token"
        guard let url = try? HTTPURL(parsing: text), url.scheme == .https || url.isLoopback else {
            throw .unusableFile(path: variable, reason: "it is no https URL")
        }
        return url
    }
}
