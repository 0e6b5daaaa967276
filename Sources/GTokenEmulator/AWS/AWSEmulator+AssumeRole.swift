import GTokenCore
import GTokenNet
import GTokenRuntime
import Synchronization

extension AWSEmulator {
    func assumeRole(_ parameters: AssumeRoleParameters) async throws(STSFailure) -> [STSXML.Node] {
        try checkSessionPolicy(parameters.policy)
        let now = clock.now()
        let claims = try await verifier.claims(of: parameters.token, at: now)
        // The caller is not told whether there is no such role or it does not trust the token.
        guard let role = state.withLock({ $0.roles[parameters.role.description] }) else {
            throw .accessDenied(because: "no such role")
        }
        try checkTrust(in: claims, by: role, sessionName: parameters.sessionName)
        guard parameters.duration <= role.maxSessionSeconds else {
            throw .validation(
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            )
        }
        let session = issue(role, parameters.sessionName, until: now + .seconds(parameters.duration))
        return answer(session, claims)
    }

    /// The condition keys of the IAM User Guide for Google: `aud` is `azp` where the token has one.
    private func checkTrust(
        in claims: JWTClaims,
        by role: Role,
        sessionName: RoleSessionName
    ) throws(STSFailure) {
        let prefix = TrustPolicy.google
        let request = PolicyRequest(
            principal: .federated(prefix),
            action: TrustPolicy.action,
            context: [
                "\(prefix):sub": claims.subject.map { [$0] } ?? [],
                "\(prefix):aud": claims.authorizedParty.map { [$0] } ?? claims.audience,
                "\(prefix):oaud": claims.audience,
                "sts:RoleSessionName": [sessionName.description],
            ]
        )
        let decision: PolicyDecision
        do throws(PolicyEvaluationError) {
            decision = try role.trust.decide(request)
        } catch {
            throw .accessDenied(because: "\(error)")
        }
        switch decision {
        case .allowed: break
        case .denied(let statement): throw .accessDenied(because: "denied by statement \(statement)")
        case .notAllowed(let unmet) where unmet.isEmpty:
            throw .accessDenied(because: "no statement is about it")
        case .notAllowed(let unmet):
            throw .accessDenied(because: "not met: \(unmet.map(\.key).joined(separator: ", "))")
        }
    }

    /// A session policy is checked for its form; what it would take away is not modelled.
    private func checkSessionPolicy(_ policy: String?) throws(STSFailure) {
        guard let policy else { return }
        guard policy.unicodeScalars.count <= 2048 else {
            throw .validation(
                "1 validation error detected: Value at 'policy' failed to satisfy constraint: "
                    + "Member must have length less than or equal to 2048"
            )
        }
        do throws(PolicyDocumentError) {
            _ = try PolicyDocument(parsing: Array(policy.utf8))
        } catch {
            throw .malformedPolicy("Syntax errors in policy.")
        }
    }

    private func issue(_ role: Role, _ name: RoleSessionName, until expiresAt: UnixTime) -> Session {
        let credentials = AWSCredentials(
            accessKeyID: "ASIA" + Self.base32(Crypto.randomBytes(16)),
            secretAccessKey: Base64.encode(Crypto.randomBytes(30)),
            sessionToken: Base64.encode(Crypto.randomBytes(264)),
            expiresAt: expiresAt
        )
        let roleID = "AROA" + Self.base32(Array(Crypto.sha256(Array(role.arn.description.utf8)).prefix(17)))
        let session = Session(
            credentials: credentials,
            arn: role.arn.sessionARN(name),
            userID: "\(roleID):\(name)",
            accountID: role.arn.accountID
        )
        let now = clock.now()
        state.withLock { state in
            // Expired ones are kept for a while, so that their use is answered with ExpiredToken.
            if state.sessions.count >= 10_000 {
                state.sessions = state.sessions.filter { $0.value.credentials.expiresAt ?? now > now }
            }
            state.sessions[credentials.accessKeyID] = session
        }
        return session
    }

    private func answer(_ session: Session, _ claims: JWTClaims) -> [STSXML.Node] {
        let credentials = session.credentials
        return [
            .text("SubjectFromWebIdentityToken", claims.subject ?? ""),
            .text("Audience", claims.authorizedParty ?? claims.audience.first ?? ""),
            .elements(
                "AssumedRoleUser",
                [.text("AssumedRoleId", session.userID), .text("Arn", session.arn)]
            ),
            .elements(
                "Credentials",
                [
                    .text("AccessKeyId", credentials.accessKeyID),
                    .text("SecretAccessKey", credentials.secretAccessKey),
                    .text("SessionToken", credentials.sessionToken ?? ""),
                    .text("Expiration", (credentials.expiresAt ?? .epoch).rfc3339),
                ]
            ),
            .text("Provider", TrustPolicy.google),
        ]
    }

    /// One character of `A-Z2-7` a byte, of which five bits are used: AWS's ids look like that.
    private static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        return String(decoding: bytes.map { alphabet[Int($0 & 0x1F)] }, as: UTF8.self)
    }
}
