import GTokenCore
import GTokenNet
import GTokenRuntime

/// OAuth's token endpoint: the refresh of a login (RFC 6749 section 6), and what a service account's key signs
/// (RFC 7523 section 2.1; https://developers.google.com/identity/protocols/oauth2/service-account).
extension GoogleEmulator {
    func token(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == "POST" else { return .empty(status: 405) }
        do throws(OAuthFailure) {
            guard let form = request.form else { throw .invalidRequest }
            switch form["grant_type"] {
            case "refresh_token": return .json(try refresh(form))
            case "urn:ietf:params:oauth:grant-type:jwt-bearer": return .json(try grant(form, request))
            case let type: throw .unsupportedGrant(type ?? "")
            }
        } catch {
            return error.response
        }
    }

    private func refresh(_ form: HTTPForm) throws(OAuthFailure) -> [UInt8] {
        guard let refreshToken = form["refresh_token"] else { throw .invalidRequest }
        guard let login = state.withLock({ $0.logins[refreshToken] }) else { throw .revoked }
        guard form["client_id"] == login.clientID, form["client_secret"] == login.clientSecret else {
            throw .unknownClient
        }
        return accessToken(of: login.member, scopes: [GoogleScope.cloudPlatform])
    }

    private func grant(_ form: HTTPForm, _ request: HTTPRequest) throws(OAuthFailure) -> [UInt8] {
        let (claims, account) = try assertion(form["assertion"] ?? "", to: request)
        // An ID token where an audience is named, else an access token.
        if let audience = claims.raw.root["target_audience"]?.string(), !audience.isEmpty {
            return try idToken(of: account, for: audience)
        }
        let scopes = claims.raw.root["scope"]?.string()?.split(separator: " ").map(String.init) ?? []
        guard !scopes.isEmpty else { throw .invalidScope }
        return accessToken(of: account.member, scopes: Set(scopes))
    }

    /// What a key of an account has signed, and the account.
    private func assertion(
        _ text: String,
        to request: HTTPRequest
    ) throws(OAuthFailure) -> (JWTClaims, CloudAccount) {
        guard let token = try? UnverifiedJWT(parsing: text) else {
            throw .invalidGrant("Invalid JWT: malformed assertion.")
        }
        let claims = token.claims
        let account = claims.issuer.flatMap { issuer in cloud.state.withLock { $0.account(issuer) } }
        guard let account, !account.isDisabled else { throw .unknownAccount }
        let key = token.header.keyID.flatMap { id in state.withLock { $0.accountKeys[id] } }
        guard token.header.algorithm == "RS256", let key, key.account == account.email,
            key.publicKey.isValidSHA256Signature(token.signature, for: token.signingInput)
        else { throw .invalidSignature }
        let now = clock.now()
        guard let issuedAt = claims.issuedAt, let expiresAt = claims.expiresAt, expiresAt > now,
            issuedAt <= now + .seconds(300), expiresAt.duration(since: issuedAt) <= .seconds(3600)
        else { throw .unreasonableTime }
        // Google's libraries name Google's endpoint, whatever address they were told to ask.
        let names = ["https://oauth2.googleapis.com/token", "http://\(request.headers["Host"] ?? "")/token"]
        guard claims.audience.count == 1, names.contains(claims.audience[0]) else { throw .otherAudience }
        return (claims, account)
    }

    /// The `azp` of tokens that a key asks for is the account's e-mail.
    private func idToken(of account: CloudAccount, for audience: String) throws(OAuthFailure) -> [UInt8] {
        let behaviour = state.withLock { $0.behaviour }
        var claims = claims(audience: audience, of: account.email, account.uniqueID, behaviour: behaviour)
        claims.authorizedParty = "\(account.email)"
        guard let token = try? signer.sign(claims) else {
            throw OAuthFailure(status: 500, error: "internal_failure", description: "Internal error.")
        }
        var writer = JSONWriter()
        writer.object { $0.member("id_token", token) }
        return writer.bytes
    }

    private func accessToken(of member: String, scopes: Set<String>) -> [UInt8] {
        let token = makeAccessToken(of: member, scopes: scopes)
        var writer = JSONWriter()
        writer.object { object in
            object.member("access_token", token)
            object.member("expires_in", 3599)
            object.member("scope", scopes.sorted().joined(separator: " "))
            object.member("token_type", "Bearer")
        }
        return writer.bytes
    }
}
