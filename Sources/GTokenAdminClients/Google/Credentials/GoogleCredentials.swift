package import GTokenClients
package import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// Who calls Google's APIs, as an environment has it: a token that was given, application default credentials, the
/// machine's service account, or whoever is logged in with gcloud; and the service account that he is to act as.
package struct GoogleCredentials: Sendable {
    /// Whom to be, besides what the environment says.
    package struct Selection: Sendable {
        /// The service account to act as (`--impersonate-service-account`); nil for nobody else.
        package var impersonated: GoogleServiceAccountEmail?
        /// Through whom.
        package var delegates: [GoogleServiceAccountEmail] = []

        /// The caller himself.
        package init() {}
    }

    /// His tokens.
    package let tokens: CachedAccessTokens
    /// Whose quota his calls count in; nil for his own project's.
    package let quotaProject: GoogleProjectID?
    private let chain: GoogleCredentialChain
    private let impersonated: GoogleServiceAccountEmail?

    /// Finds out who calls; nothing is asked for until a token is needed.
    ///
    /// - Parameters:
    ///   - environment: the tool's.
    ///   - selection: whom to be.
    ///   - endpoints: where Google's APIs are.
    ///   - http: what sends.
    ///   - loop: what `gcloud` runs beside.
    ///   - clock: what waits.
    /// - Throws: ``GoogleCredentialError`` for a file or a variable that cannot be used.
    package init(
        environment: [String: String],
        selection: Selection = Selection(),
        endpoints: GoogleEndpoints,
        http: HTTPClient,
        loop: EventLoop,
        clock: any Clock
    ) throws(GoogleCredentialError) {
        let transport: GoogleAPIClient.Transport = { request throws(HTTPClientError) in
            try await http.send(request)
        }
        let means = ApplicationDefaultCredentials.Means(
            environment: environment,
            endpoints: endpoints,
            clock: clock,
            transport: transport
        )
        var sources: [any GoogleAccessTokenSource] = []
        var quota = environment["GOOGLE_CLOUD_QUOTA_PROJECT"]
        if let given = EnvironmentAccessToken(environment: environment) { sources.append(given) }
        // What is not needed is not read: a broken file is no reason not to take a token that was given.
        if sources.isEmpty, let file = try ApplicationDefaultCredentials.load(environment: environment) {
            sources.append(try file.accessTokens(means))
            quota = quota ?? file.quotaProject
        }
        if sources.isEmpty {
            do throws(HTTPURLError) {
                sources.append(
                    try MetadataAccessToken(environment: environment, clock: clock, transport: transport)
                )
            } catch {
                throw .unusableFile(path: "GCE_METADATA_HOST", reason: "\(error)")
            }
            sources.append(GcloudAccessToken(loop: loop))
        }
        chain = GoogleCredentialChain(sources)
        quotaProject = quota.flatMap { $0.isEmpty ? nil : try? GoogleProjectID(parsing: $0) }
        impersonated = selection.impersonated
        if let account = selection.impersonated {
            let source = ImpersonatedAccessToken(
                of: account,
                through: selection.delegates,
                by: means.api(chain)
            )
            tokens = CachedAccessTokens(source, clock: clock)
        } else {
            tokens = CachedAccessTokens(chain, clock: clock)
        }
    }

    /// Where the tokens come from, in words; nil until there was one.
    package var origin: String? {
        chain.origin.map { origin in impersonated.map { "\(origin), acting as \($0)" } ?? origin }
    }
}
