import GTokenCore
import GTokenNet
import GTokenRuntime

extension AWSEmulator {
    func assumeRoleWithWebIdentity(
        _ values: AWSQueryParameters
    ) async throws(AWSFailure) -> [AWSQueryXML.Node] {
        var token = ""
        let parameters = try SessionParameters(values) { validation in
            token = validation.text("WebIdentityToken", 4...20_000, isSecret: true)
        }
        try checkSessionPolicy(parameters.policy)
        let now = clock.now()
        let iam = state.withLock { $0.iam.visible(at: now) }
        let verifier = WebIdentityVerifier(providers: providers(iam, of: parameters.role.accountID))
        let identity = try await verifier.identity(in: token, for: parameters.role, at: now)
        // The caller is not told whether there is no such role or it does not trust the token.
        guard let role = iam[parameters.role] else {
            throw .accessDenied(because: "no such role")
        }
        try check(identity.request(sessionName: parameters.sessionName), by: role) {
            .accessDenied(because: $0)
        }
        try checkDuration(parameters.duration, of: role)
        let session = issue(role, parameters.sessionName, for: .seconds(parameters.duration), at: now)
        return [
            .text("SubjectFromWebIdentityToken", identity.subject),
            .text("Audience", identity.audience),
        ] + answer(session) + [.text("Provider", identity.provider.principal)]
    }

    func checkDuration(_ seconds: Int64, of role: IAMStore.Role) throws(AWSFailure) {
        guard seconds <= role.maxSessionSeconds else {
            throw .validation(
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            )
        }
    }

    /// The issuers that an account knows: Google, and those it has a provider for in IAM.
    private func providers(_ iam: IAMStore, of accountID: String) -> [WebIdentityProvider] {
        let (google, keys) = state.withLock { ($0.google, $0.issuerKeys) }
        return [google]
            + iam.providers(of: accountID).map { provider in
                .openIDConnect(provider.arn, clientIDs: Set(provider.clientIDs)) {
                    guard let keys = keys[provider.arn.issuer] else { throw UnknownIssuer() }
                    return try await keys()
                }
            }
    }

    /// An issuer whose keys are nowhere.
    private struct UnknownIssuer: Error {}

    /// Asks a role's trust policy; `denied` makes the answer of a reason that the caller is not told.
    func check(
        _ request: PolicyRequest,
        by role: IAMStore.Role,
        denied: (String) -> AWSFailure
    ) throws(AWSFailure) {
        guard let trust = role.trust else { throw denied("its policy cannot be evaluated") }
        let decision: PolicyDecision
        do throws(PolicyEvaluationError) {
            decision = try trust.decide(request)
        } catch {
            throw denied("\(error)")
        }
        switch decision {
        case .allowed: break
        case .denied(let statement): throw denied("denied by statement \(statement)")
        case .notAllowed(let unmet) where unmet.isEmpty:
            throw denied("no statement is about it")
        case .notAllowed(let unmet):
            throw denied("not met: \(unmet.map(\.key).joined(separator: ", "))")
        }
    }

    /// A session policy is checked for its form; what it would take away is not modelled.
    func checkSessionPolicy(_ policy: String?) throws(AWSFailure) {
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

    /// Makes credentials, which end earlier than was asked where that is what is to go wrong.
    func issue(
        _ role: IAMStore.Role,
        _ name: RoleSessionName,
        for duration: Duration,
        at now: UnixTime,
        _ change: (inout Session) -> Void = { _ in }
    ) -> Session {
        let longest = state.withLock { $0.faults.longestSession }
        let expiresAt = now + min(duration, longest ?? duration)
        let credentials = AWSCredentials(
            accessKeyID: "ASIA" + Self.base32(Crypto.randomBytes(16)),
            secretAccessKey: Base64.encode(Crypto.randomBytes(30)),
            sessionToken: Base64.encode(Crypto.randomBytes(264)),
            expiresAt: expiresAt
        )
        SecretLedger.note(.secretAccessKey, credentials.secretAccessKey)
        SecretLedger.note(.sessionToken, credentials.sessionToken ?? "")
        var session = Session(
            credentials: credentials,
            arn: role.arn.sessionARN(name),
            userID: "\(role.id):\(name)",
            accountID: role.arn.accountID
        )
        session.role = role.arn
        change(&session)
        let made = session
        state.withLock { state in
            // Expired ones are kept for a while, so that their use is answered with ExpiredToken. Half of all go at
            // a time, so that a full house does not cost each new one a look at all the others.
            if state.sessions.count >= Self.maxSessions {
                let byEnd = state.sessions.sorted {
                    $0.value.credentials.expiresAt ?? .epoch < $1.value.credentials.expiresAt ?? .epoch
                }
                state.sessions = Dictionary(
                    uniqueKeysWithValues: byEnd.suffix(Self.maxSessions / 2).map { ($0.key, $0.value) }
                )
            }
            state.sessions[credentials.accessKeyID] = made
        }
        return made
    }

    private static let maxSessions = 10_000

    /// What both ways of assuming a role answer.
    func answer(_ session: Session) -> [AWSQueryXML.Node] {
        let credentials = session.credentials
        return [
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
        ] + (session.sourceIdentity.map { [.text("SourceIdentity", $0)] } ?? [])
    }

    /// One character of `A-Z2-7` a byte, of which five bits are used: AWS's ids look like that.
    static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        return String(decoding: bytes.map { alphabet[Int($0 & 0x1F)] }, as: UTF8.self)
    }
}
