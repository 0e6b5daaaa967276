package import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// Asks AWS's Security Token Service (API version 2011-06-15).
///
/// It repeats nothing: ``STSClientError/isTransient`` says what is worth another try.
package struct STSClient: Sendable {
    /// Sends a request; a test's is no network.
    package typealias Transport =
        @Sendable (HTTPClientRequest) async throws(HTTPClientError) -> HTTPResponse

    private let send: Transport
    private let endpoint: HTTPURL
    private let signingRegion: String
    private let clock: any Clock

    /// Makes a client of one endpoint; requests are signed for `region`, the global endpoint's is `us-east-1`.
    package init(
        endpoint: HTTPURL,
        signingRegion: String = "us-east-1",
        clock: any Clock,
        transport: @escaping Transport
    ) {
        self.endpoint = endpoint
        self.signingRegion = signingRegion
        self.clock = clock
        send = transport
    }

    /// Makes a client over HTTP.
    package init(
        endpoint: HTTPURL,
        signingRegion: String = "us-east-1",
        clock: any Clock,
        http: HTTPClient
    ) {
        self.init(endpoint: endpoint, signingRegion: signingRegion, clock: clock) {
            request throws(HTTPClientError) in try await http.send(request)
        }
    }

    /// The endpoint of a region, or the global one of the commercial partition.
    package static func endpoint(of region: AWSRegion?) throws(HTTPURLError) -> HTTPURL {
        try HTTPURL(scheme: .https, host: region?.stsHost ?? "sts.amazonaws.com")
    }

    /// Exchanges an ID token for credentials of a role; the request is not signed.
    package func assumeRoleWithWebIdentity(
        _ exchange: WebIdentityExchange
    ) async throws(STSClientError) -> AssumedRole {
        var form = Self.form("AssumeRoleWithWebIdentity")
        form.add("RoleArn", exchange.role.description)
        form.add("RoleSessionName", exchange.sessionName.description)
        form.add("WebIdentityToken", exchange.token)
        form.add(duration: exchange.duration, policyARNs: exchange.policyARNs)
        let answer = try await answer(
            to: .post(form, to: endpoint),
            action: "AssumeRoleWithWebIdentity",
            secrets: [exchange.token]
        )
        return try Self.assumedRole(answer)
    }

    /// Exchanges credentials for those of a role.
    package func assumeRole(
        _ change: RoleChange,
        with credentials: AWSCredentials
    ) async throws(STSClientError) -> AssumedRole {
        var form = Self.form("AssumeRole")
        form.add("RoleArn", change.role.description)
        form.add("RoleSessionName", change.sessionName.description)
        form.add(duration: change.duration, policyARNs: change.policyARNs)
        for (number, tag) in zip(1..., change.tags) {
            form.add("Tags.member.\(number).Key", tag.key)
            form.add("Tags.member.\(number).Value", tag.value)
        }
        if let sourceIdentity = change.sourceIdentity { form.add("SourceIdentity", sourceIdentity) }
        if let externalID = change.externalID { form.add("ExternalId", externalID) }
        return try Self.assumedRole(
            try await answer(
                to: signed(.post(form, to: endpoint), with: credentials),
                action: "AssumeRole",
                secrets: credentials.secrets
            )
        )
    }

    private static func assumedRole(_ answer: STSAnswer) throws(STSClientError) -> AssumedRole {
        guard let expiresAt = UnixTime(rfc3339: try answer.text("Credentials", "Expiration")) else {
            throw .missingElement("Credentials.Expiration")
        }
        return AssumedRole(
            credentials: AWSCredentials(
                accessKeyID: try answer.text("Credentials", "AccessKeyId"),
                secretAccessKey: try answer.text("Credentials", "SecretAccessKey"),
                sessionToken: try answer.text("Credentials", "SessionToken"),
                expiresAt: expiresAt
            ),
            arn: try answer.text("AssumedRoleUser", "Arn"),
            id: try answer.text("AssumedRoleUser", "AssumedRoleId"),
            subject: answer.optionalText(["SubjectFromWebIdentityToken"]),
            audience: answer.optionalText(["Audience"]),
            provider: answer.optionalText(["Provider"])
        )
    }

    /// Whom AWS takes the owner of these credentials for; it needs no permission.
    package func getCallerIdentity(
        with credentials: AWSCredentials
    ) async throws(STSClientError) -> CallerIdentity {
        let request = signed(.post(Self.form("GetCallerIdentity"), to: endpoint), with: credentials)
        let answer = try await answer(
            to: request,
            action: "GetCallerIdentity",
            secrets: credentials.secrets
        )
        return CallerIdentity(
            arn: try answer.text("Arn"),
            userID: try answer.text("UserId"),
            accountID: try answer.text("Account")
        )
    }

    private static func form(_ action: String) -> HTTPForm {
        ["Action": action, "Version": "2011-06-15"]
    }

    private func answer(
        to request: HTTPClientRequest,
        action: String,
        secrets: [String]
    ) async throws(STSClientError) -> STSAnswer {
        var request = request
        request.maxResponseBytes = XMLElement.maxBytes
        // Another session more is no harm.
        request.isReplayable = true
        let response: HTTPResponse
        do throws(HTTPClientError) {
            response = try await send(request)
        } catch {
            throw .transport(error)
        }
        return try STSAnswer(response, action: action, secrets: secrets)
    }

    private func signed(_ request: HTTPClientRequest, with credentials: AWSCredentials) -> HTTPClientRequest {
        var parts = SigV4Request(
            method: request.method,
            path: request.url.path,
            headers: [("Host", request.url.hostField)] + request.headers.map { ($0.name, $0.value) },
            body: request.body
        )
        SigV4(sha256: Crypto.sha256, hmacSHA256: { Crypto.hmacSHA256(key: $0, $1) })
            .sign(&parts, with: credentials, region: signingRegion, service: "sts", at: clock.now())
        var signed = request
        signed.headers = HTTPHeaders()
        // `Host` is the client's to send.
        for (name, value) in parts.headers where name != "Host" { signed.headers.add(name, value) }
        return signed
    }
}

extension HTTPForm {
    /// What both ways of assuming a role have in common.
    fileprivate mutating func add(duration: Duration?, policyARNs: [String]) {
        if let duration { add("DurationSeconds", String(duration.components.seconds)) }
        for (number, arn) in zip(1..., policyARNs) { add("PolicyArns.member.\(number).arn", arn) }
    }
}

extension AWSCredentials {
    /// What no answer that is shown may repeat.
    fileprivate var secrets: [String] { [secretAccessKey, sessionToken ?? ""] }
}
