import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// What gets the credentials that a configuration asks for.
struct RoleCredentials: Sendable {
    /// Asks AWS, and Google or a file for the token.
    let source: RoleCredentialsSource
    private let accountID: String
    private let clock: any Clock

    /// Makes the clients.
    ///
    /// - Throws: `ToolError` where a setting cannot work.
    init(
        _ configuration: RoleCredentialsConfiguration,
        environment: [String: String],
        on loop: EventLoop
    ) throws(ToolError) {
        let clock = LoopClock(loop)
        let endpoint: HTTPURL
        do throws(HTTPURLError) {
            if let url = configuration.stsEndpoint {
                endpoint = try HTTPURL(parsing: url)
            } else {
                endpoint = try STSClient.endpoint(of: configuration.region)
            }
        } catch {
            throw ToolError("--sts-endpoint: \(error)", exitCode: .configuration)
        }
        let http: HTTPClient
        if endpoint.scheme == .http {
            http = HTTPClient(loop: loop)
        } else {
            do throws(InternetClientError) {
                http = try HTTPClient.internet(on: loop, environment: environment)
            } catch {
                throw ToolError("\(error)", exitCode: .configuration)
            }
        }
        source = RoleCredentialsSource(
            token: try Self.token(configuration, environment, on: loop),
            client: STSClient(
                endpoint: endpoint,
                signingRegion: configuration.region?.description ?? "us-east-1",
                clock: clock,
                http: http
            ),
            request: Self.request(configuration, environment),
            clock: clock
        )
        accountID = (configuration.chain?.role ?? configuration.role).accountID
        self.clock = clock
    }

    /// Credentials that were made now.
    func make() async throws(RoleCredentialsError) -> CredentialsDocument {
        let now = clock.now()
        return CredentialsDocument(
            credentials: try await source.credentials().credentials,
            accountID: accountID,
            madeAt: now
        )
    }

    private static func token(
        _ configuration: RoleCredentialsConfiguration,
        _ environment: [String: String],
        on loop: EventLoop
    ) throws(ToolError) -> RoleCredentialsSource.Token {
        switch configuration.token {
        case .file(let path):
            return { () async throws(RoleCredentialsError) in
                do throws(TokenFileError) {
                    return try TokenFile(path).usableText()
                } catch {
                    throw .tokenFile("\(error)")
                }
            }
        case .source(let source):
            let google = try GoogleSource(
                source,
                environment: environment,
                on: loop,
                logger: Logger(
                    level: configuration.log.level,
                    format: configuration.log.isJSON ? .json : .text,
                    clock: LoopClock(loop)
                )
            )
            return { () async throws(RoleCredentialsError) in
                do throws(IDTokenError) {
                    return try await google.idToken().text
                } catch {
                    throw .token(error)
                }
            }
        }
    }

    static func request(
        _ configuration: RoleCredentialsConfiguration,
        _ environment: [String: String]
    ) -> RoleCredentialsSource.Request {
        // In a Pod, HOSTNAME is the Pod's name: CloudTrail then says which Pod it was, and the name stays for the Pod's life.
        let host = environment["HOSTNAME"].flatMap { $0.isEmpty ? nil : $0 } ?? "gtoken"
        let sessionName = configuration.sessionName ?? .shortened(from: host)
        let chain = configuration.chain.map { chain in
            var change = RoleChange(role: chain.role, sessionName: chain.sessionName ?? sessionName)
            change.duration = chain.duration
            change.tags = chain.tags
            change.sourceIdentity = chain.sourceIdentity
            change.externalID = chain.externalID
            return change
        }
        return RoleCredentialsSource.Request(
            role: configuration.role,
            sessionName: sessionName,
            duration: configuration.duration,
            policyARNs: configuration.policyARNs,
            chain: chain
        )
    }
}

extension ToolError {
    /// Why there are no credentials, and what to do about it.
    init(_ error: RoleCredentialsError) {
        switch error {
        case .tokenFile:
            self.init("\(error)", hint: "gtoken --file keeps such a file fresh", exitCode: .unavailable)
        case .token(let cause): self.init(cause)
        case .refused(_, let cause): self.init("\(error)", hint: cause.hint, exitCode: cause.exitCode)
        }
    }
}

extension STSClientError {
    fileprivate var exitCode: ExitCode {
        if case .service(let status, _, _) = self, 400..<500 ~= status, !isTransient {
            .refused
        } else {
            .unavailable
        }
    }

    fileprivate var hint: String? {
        guard case .service(_, let code, let message) = self else { return nil }
        return switch code {
        case "AccessDenied" where message.utf8.contains(text: "AssumeRoleWithWebIdentity"):
            "the role's trust policy has to name this token: 'gtoken inspect' shows what AWS compares"
        case "AccessDenied":
            "the first role needs sts:AssumeRole on the second, whose trust policy has to name the first"
        case "ExpiredTokenException": "is what keeps the token file fresh running, and the clock right?"
        case "InvalidIdentityToken" where message.utf8.contains(text: "No OpenIDConnect provider"):
            "the AWS account needs an IAM identity provider for the token's issuer"
        case "ValidationError" where message.utf8.contains(text: "DurationSeconds"):
            "ask for less with --duration, or give the role a longer maximum session duration"
        case "RegionDisabledException":
            "enable the region in the AWS account, or ask another one with --region"
        default: nil
        }
    }
}
