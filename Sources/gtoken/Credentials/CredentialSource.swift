import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Where this run's credentials come from, made from its configuration.
enum CredentialSource {
    /// Makes the clients that the configuration asks for.
    ///
    /// - Throws: `ToolError` where a setting cannot work.
    static func exchange(
        _ configuration: CredentialConfiguration,
        environment: [String: String],
        on loop: EventLoop,
        logger: Logger
    ) throws(ToolError) -> CredentialExchange {
        let clock = LoopClock(loop)
        let endpoint = try endpoint(configuration)
        return CredentialExchange(
            configuration,
            sts: STSClient(
                endpoint,
                clock: clock,
                http: try client(of: endpoint.url, environment: environment, on: loop)
            ),
            token: try token(configuration, environment: environment, on: loop, logger: logger),
            clock: clock
        )
    }

    /// Where STS is: as told, else that of the region, else the global one of the role's partition.
    private static func endpoint(_ configuration: CredentialConfiguration) throws(ToolError) -> AWSEndpoint {
        var endpoint = AWSEndpoint(.sts, region: configuration.region)
        guard let text = configuration.stsEndpoint else {
            guard configuration.region != nil || configuration.role.knownPartition?.globalSTSHost != nil
            else {
                throw ToolError(
                    "the partition \(configuration.role.partition) has no global endpoint of AWS STS",
                    hint: "give a region with --region or AWS_REGION",
                    exitCode: .configuration
                )
            }
            return endpoint
        }
        do throws(HTTPURLError) {
            endpoint.url = try HTTPURL(parsing: text)
        } catch {
            throw ToolError("--sts-endpoint: \(error)", exitCode: .configuration)
        }
        // The request has the token in it, the answer the credentials.
        guard endpoint.url.scheme == .https || endpoint.url.isLoopback else {
            throw ToolError(
                "--sts-endpoint: \(endpoint.url) would be asked without encryption",
                hint: "use https; plain http is for stand-ins on loopback",
                exitCode: .configuration
            )
        }
        return endpoint
    }

    private static func client(
        of endpoint: HTTPURL,
        environment: [String: String],
        on loop: EventLoop
    ) throws(ToolError) -> HTTPClient {
        // No proxy is asked for this machine's own address, and there is no certificate to verify.
        guard endpoint.scheme == .https else { return HTTPClient(loop: loop) }
        do throws(InternetClientError) {
            return try HTTPClient.internet(on: loop, environment: environment)
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
    }

    private static func token(
        _ configuration: CredentialConfiguration,
        environment: [String: String],
        on loop: EventLoop,
        logger: Logger
    ) throws(ToolError) -> CredentialExchange.TokenSource {
        if let path = configuration.tokenFile {
            // Read each time: whoever keeps the file replaces it.
            return { () async throws(ToolError) in
                do throws(TokenFileError) {
                    return try TokenFile(path).tokenText()
                } catch {
                    throw ToolError(
                        "no ID token: \(error)",
                        hint: "--file and AWS_WEB_IDENTITY_TOKEN_FILE name it; without them Google is asked",
                        exitCode: .configuration
                    )
                }
            }
        }
        let google = try GoogleSource(configuration.token, environment: environment, on: loop, logger: logger)
        let patience = TokenRefresher.Patience(
            startup: configuration.token.startupTimeout,
            request: configuration.token.requestTimeout
        )
        return { () async throws(ToolError) in
            let got = Locked("")
            var refresher = TokenRefresher(
                source: google.idToken,
                fallback: google.fallback,
                destination: TokenRefresher.Destination { token in got.withLock { $0 = token.text } },
                patience: patience,
                clock: LoopClock(loop),
                logger: logger
            )
            do throws(TokenRefresherError) {
                try await refresher.run()
            } catch {
                throw ToolError(error)
            }
            return got.withLock { $0 }
        }
    }
}
