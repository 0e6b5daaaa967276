import GTokenCore
import GTokenNet
import GTokenRuntime

extension AWSEmulator {
    func callerIdentity(_ request: HTTPRequest) throws(AWSFailure) -> [AWSQueryXML.Node] {
        let session = try authenticate(request, for: "sts")
        return [
            .text("Arn", session.arn), .text("UserId", session.userID), .text("Account", session.accountID),
        ]
    }

    /// Whose credentials signed a request for a service, after checking that they did.
    func authenticate(_ request: HTTPRequest, for service: String) throws(AWSFailure) -> Session {
        guard let field = request.headers["Authorization"] else { throw .missingAuthentication }
        guard let authorization = SigV4Authorization(parsing: field),
            let timestamp = request.headers["X-Amz-Date"],
            let signedAt = SigV4Scope.time(timestamp: timestamp)
        else { throw .incompleteSignature }
        guard let session = state.withLock({ $0.sessions[authorization.accessKeyID] }),
            Crypto.isEqual(
                Array((request.headers["X-Amz-Security-Token"] ?? "").utf8),
                Array((session.credentials.sessionToken ?? "").utf8)
            )
        else { throw .invalidClientToken }
        let now = clock.now()
        try Self.check(authorization, for: service, timestamp: timestamp, signedAt: signedAt, now: now)
        try Self.checkCoverage(of: authorization, request)
        let expected = SigV4(sha256: Crypto.sha256, hmacSHA256: { Crypto.hmacSHA256(key: $0, $1) }).signature(
            of: Self.signedParts(request),
            as: authorization,
            timestamp: timestamp,
            secretAccessKey: session.credentials.secretAccessKey
        )
        guard Crypto.isEqual(Array(expected.utf8), Array(authorization.signature.utf8)) else {
            throw .signatureDoesNotMatch()
        }
        guard session.credentials.expiresAt ?? .latest > now else { throw .expiredCredentials }
        return session
    }

    /// How far the clock of who signed may be off: STS's own, "Signature expired: … - 15 min.".
    private static let tolerance = Duration.seconds(900)

    private static func check(
        _ authorization: SigV4Authorization,
        for service: String,
        timestamp: String,
        signedAt: UnixTime,
        now: UnixTime
    ) throws(AWSFailure) {
        guard authorization.scope.service == service else {
            throw .signatureDoesNotMatch("Credential should be scoped to correct service: '\(service)'.")
        }
        guard timestamp.hasPrefix(authorization.scope.date) else {
            throw .signatureDoesNotMatch("Date in Credential scope does not match YYYYMMDD from X-Amz-Date.")
        }
        let age = now.duration(since: signedAt)
        guard age <= tolerance else {
            let oldest = SigV4Scope.timestamp(now - tolerance)
            throw .signatureDoesNotMatch(
                "Signature expired: \(timestamp) is now earlier than \(oldest) "
                    + "(\(SigV4Scope.timestamp(now)) - 15 min.)"
            )
        }
        guard age >= .zero - tolerance else {
            let latest = SigV4Scope.timestamp(now + tolerance)
            throw .signatureDoesNotMatch(
                "Signature not yet current: \(timestamp) is still later than \(latest) "
                    + "(\(SigV4Scope.timestamp(now)) + 15 min.)"
            )
        }
    }

    /// The host and each header of AWS's own must be signed: another's signature could stand beside them else.
    private static func checkCoverage(
        of authorization: SigV4Authorization,
        _ request: HTTPRequest
    ) throws(AWSFailure) {
        let names = Set(request.headers.map { $0.name.lowercased() })
        let required = names.filter { $0.hasPrefix("x-amz-") }.union(["host"])
        guard required.isSubset(of: authorization.signedHeaders),
            names.isSuperset(of: authorization.signedHeaders)
        else {
            throw .signatureDoesNotMatch("'Host' and every 'X-Amz-' header must be a 'SignedHeader'.")
        }
    }

    private static func signedParts(_ request: HTTPRequest) -> SigV4Request {
        SigV4Request(
            method: request.method,
            path: request.path,
            query: request.queryItems.items.map { ($0.name, $0.value) },
            headers: request.headers.map { ($0.name, $0.value) },
            body: request.body
        )
    }
}
