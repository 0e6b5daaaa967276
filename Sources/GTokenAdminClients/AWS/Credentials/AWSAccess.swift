package import GTokenClients
package import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// An administrator's way into an AWS account: which profile, which region, which endpoints, and credentials.
package struct AWSAccess: Sendable {
    /// The region that was asked for; `nil` where none is set.
    package let region: AWSRegion?
    /// Credentials for all clients.
    package let credentials: CachedAWSCredentials
    /// The account that the credentials are to be of, 12 digits; `nil` where any is meant.
    package var meantAccountID: String?
    /// How fast its services are asked, and how long each is waited for.
    package var limits = AWSQueryClient.Limits()
    private let endpoints: [AWSService: AWSEndpoint]
    private let transport: AWSQueryClient.Transport
    private let clock: any Clock

    /// Finds out what the flags, the environment and the shared files say; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - profile: what `--profile` says.
    ///   - region: what `--region` says.
    ///   - variables: the environment.
    ///   - clock: what waits.
    ///   - transport: what sends.
    ///   - run: what runs programs.
    /// - Throws: ``AWSCredentialError``.
    package init(
        profile: String? = nil,
        region: AWSRegion? = nil,
        variables: [String: String],
        clock: any Clock,
        transport: @escaping AWSQueryClient.Transport,
        run: @escaping AWSCredentialTools.Runner
    ) throws(AWSCredentialError) {
        let environment = AWSEnvironment(variables)
        let profiles = try AWSProfiles(environment: variables)
        let found = profiles[profile ?? environment.profile ?? AWSProfiles.standardName]
        self.region = try environment.region(preferring: region, else: found)
        var endpoints: [AWSService: AWSEndpoint] = [:]
        for service in AWSService.allCases {
            var endpoint = AWSEndpoint(service, region: self.region)
            if let url = try environment.endpointURL(of: service, profiles, found) { endpoint.url = url }
            endpoints[service] = endpoint
        }
        self.endpoints = endpoints
        self.clock = clock
        self.transport = transport
        let recipe = try AWSCredentialRecipe(profile: profile, profiles: profiles, environment: environment)
        let sts = endpoints[.sts] ?? AWSEndpoint(.sts, region: self.region)
        let tools = AWSCredentialTools(sts: sts, clock: clock, transport: transport, run: run)
        credentials = CachedAWSCredentials(RecipeCredentials(recipe, tools), clock: clock)
    }

    /// The same over HTTP, with programs run beside an event loop.
    package init(
        profile: String? = nil,
        region: AWSRegion? = nil,
        variables: [String: String],
        clock: any Clock,
        http: HTTPClient,
        loop: EventLoop
    ) throws(AWSCredentialError) {
        try self.init(
            profile: profile,
            region: region,
            variables: variables,
            clock: clock,
            transport: { request throws(HTTPClientError) in try await http.send(request) },
            run: { program throws(SubprocessError) in
                // Whoever asks first may be anywhere.
                try await withTaskExecutorPreference(loop) { () async throws(SubprocessError) in
                    try await program.run(on: loop)
                }
            }
        )
    }

    /// The partition that the region is in; the caller's ARN says it for certain.
    package var partition: AWSPartition { region?.partition ?? .aws }

    /// Where a service is asked.
    package func endpoint(_ service: AWSService) -> AWSEndpoint {
        endpoints[service] ?? AWSEndpoint(service, region: region)
    }

    /// A new client of a service, with a pace of its own: one for all who call it.
    package func query(_ service: AWSService) -> AWSQueryClient {
        AWSQueryClient(
            endpoint: endpoint(service),
            credentials: credentials,
            limits: limits,
            clock: clock,
            transport: transport
        )
    }

    /// A client of IAM: one for all who call it.
    package func iam() -> IAMClient { IAMClient(query(.iam)) }

    /// Whom AWS takes the caller for; it needs no permission.
    ///
    /// - Throws: ``AWSQueryError``; with ``AWSCredentialError/otherAccount(_:meant:)`` where another account is meant.
    package func callerIdentity() async throws(AWSQueryError) -> CallerIdentity {
        let caller = try CallerIdentity(try await query(.sts).answer(to: .getCallerIdentity))
        if let meantAccountID, caller.accountID != meantAccountID {
            throw .credentials(.otherAccount(caller.accountID, meant: meantAccountID))
        }
        return caller
    }
}

extension AWSEnvironment {
    /// The region that a flag asks for, else the environment, else the profile.
    fileprivate func region(
        preferring asked: AWSRegion?,
        else profile: AWSProfile?
    ) throws(AWSCredentialError) -> AWSRegion? {
        if let asked { return asked }
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            guard let text = self[name] else { continue }
            do throws(NameError) {
                return try AWSRegion(parsing: text)
            } catch {
                throw .invalidSetting(name, reason: "\(error)")
            }
        }
        return try profile?.region()
    }

    /// Another endpoint than AWS's own, from the first place that has one: the service's variable, the variable for
    /// all, the `services` section of the profile, the profile (AWS SDKs and Tools Reference Guide, "Service-specific
    /// endpoints").
    fileprivate func endpointURL(
        of service: AWSService,
        _ profiles: AWSProfiles,
        _ profile: AWSProfile?
    ) throws(AWSCredentialError) -> HTTPURL? {
        if self["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() == "true" { return nil }
        for name in [service.endpointVariable, "AWS_ENDPOINT_URL"] {
            if let text = self[name] {
                return try Self.endpoint(text) { AWSCredentialError.invalidSetting(name, reason: $0) }
            }
        }
        guard let profile, profile["ignore_configured_endpoint_urls"]?.lowercased() != "true",
            let text = profiles.endpointURL(of: service, in: profile) ?? profile["endpoint_url"]
        else { return nil }
        return try Self.endpoint(text) { profile.invalid("endpoint_url", $0) }
    }

    private static func endpoint(
        _ text: String,
        otherwise failure: (String) -> AWSCredentialError
    ) throws(AWSCredentialError) -> HTTPURL {
        let url: HTTPURL
        do throws(HTTPURLError) {
            url = try HTTPURL(parsing: text)
        } catch {
            throw failure("\(error)")
        }
        // Answers carry keys, and a request can be replayed for some minutes.
        guard url.scheme == .https || url.isLoopback else {
            throw failure("plain http is for this machine only: use https")
        }
        guard !url.target.contains("?") else { throw failure("\(HTTPURLError.invalidTarget)") }
        return url
    }
}

extension AWSProfile {
    fileprivate func region() throws(AWSCredentialError) -> AWSRegion? {
        guard let text = self["region"] else { return nil }
        do throws(NameError) {
            return try AWSRegion(parsing: text)
        } catch {
            throw invalid("region", error)
        }
    }
}
