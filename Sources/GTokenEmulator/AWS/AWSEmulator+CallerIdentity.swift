import GTokenCore
import GTokenNet
import GTokenRuntime
import Synchronization

extension AWSEmulator {
    func callerIdentity(_ request: HTTPRequest) throws(STSFailure) -> [STSXML.Node] {
        let session = try authenticate(request)
        return [
            .text("Arn", session.arn), .text("UserId", session.userID), .text("Account", session.accountID),
        ]
    }

    /// Whose credentials signed a request, after checking that they did.
    private func authenticate(_ request: HTTPRequest) throws(STSFailure) -> Session {
        guard let field = request.headers["Authorization"] else { throw .missingAuthentication }
        guard let authorization = SigV4Authorization(parsing: field),
            let timestamp = request.headers["X-Amz-Date"],
            let signedAt = SigV4Scope.time(timestamp: timestamp)
        else { throw .incompleteSignature }
        guard let session = state.withLock({ $0.sessions[authorization.accessKeyID] }),
            let token = request.headers["X-Amz-Security-Token"],
            Crypto.isEqual(Array(token.utf8), Array((session.credentials.sessionToken ?? "").utf8))
        else { throw .invalidClientToken }
        let now = clock.now()
        try check(authorization, timestamp: timestamp, signedAt: signedAt, now: now)
        let expected = SigV4(sha256: Crypto.sha256, hmacSHA256: { Crypto.hmacSHA256(key: $0, $1) }).signature(
            of: Self.signedParts(request),
            as: authorization,
            timestamp: timestamp,
            secretAccessKey: session.credentials.secretAccessKey
        )
        guard Crypto.isEqual(Array(expected.utf8), Array(authorization.signature.utf8)) else {
            throw .signatureDoesNotMatch()
        }
        guard session.credentials.expiresAt ?? .earliest > now else { throw .expiredCredentials }
        return session
    }

    private func check(
        _ authorization: SigV4Authorization,
        timestamp: String,
        signedAt: UnixTime,
        now: UnixTime
    ) throws(STSFailure) {
        guard authorization.scope.service == "sts" else {
            throw .signatureDoesNotMatch("Credential should be scoped to correct service: 'sts'.")
        }
        guard timestamp.hasPrefix(authorization.scope.date) else {
            throw .signatureDoesNotMatch("Date in Credential scope does not match YYYYMMDD from X-Amz-Date.")
        }
        guard Set(["host", "x-amz-date"]).isSubset(of: authorization.signedHeaders) else {
            throw .signatureDoesNotMatch("'Host' and 'X-Amz-Date' must be a 'SignedHeader'.")
        }
        let age = now.duration(since: signedAt)
        let tolerance = Duration.seconds(300)
        guard age <= tolerance else {
            let oldest = SigV4Scope.timestamp(now - tolerance)
            throw .signatureDoesNotMatch(
                "Signature expired: \(timestamp) is now earlier than \(oldest) "
                    + "(\(SigV4Scope.timestamp(now)) - 5 min.)"
            )
        }
        guard age >= .zero - tolerance else {
            let latest = SigV4Scope.timestamp(now + tolerance)
            throw .signatureDoesNotMatch(
                "Signature not yet current: \(timestamp) is still later than \(latest) "
                    + "(\(SigV4Scope.timestamp(now)) + 5 min.)"
            )
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
