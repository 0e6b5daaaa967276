import GTokenCore
import GTokenNet
import GTokenRuntime

/// `projects.serviceAccounts` of the IAM Service Account Credentials API: generateIdToken and generateAccessToken.
extension GoogleEmulator {
    /// Answers a request for a token of an account; nil where it is for something else.
    func iamCredentials(_ request: HTTPRequest) -> HTTPResponse? {
        guard request.method == "POST", let segments = request.pathSegments, segments.count == 5,
            segments[0] == "v1", segments[1] == "projects", segments[2] == "-",
            segments[3] == "serviceAccounts"
        else { return nil }
        let parts = segments[4].split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let verb = Verb(rawValue: String(parts[1])) else { return nil }
        do throws(GoogleFailure) {
            let caller = try caller(of: request, verb)
            guard let document = try? JSONDocument(request.body), document.root.isObject else {
                throw .invalidArgument
            }
            let body = document.root
            let account = try account(String(parts[0]), for: caller, body["delegates"], verb)
            return .json(
                try verb == .idToken ? idToken(body, of: account) : accessToken(body, of: account)
            )
        } catch {
            return error.response
        }
    }

    private enum Verb: String {
        case idToken = "generateIdToken"
        case accessToken = "generateAccessToken"

        /// What the caller needs on the account, or the last delegate.
        var permission: String {
            "iam.serviceAccounts." + (self == .idToken ? "getOpenIdToken" : "getAccessToken")
        }

        /// The method's full name, as refusals have it.
        var method: String {
            "google.iam.credentials.v1.IAMCredentials." + rawValue.prefix(1).uppercased()
                + rawValue.dropFirst()
        }
    }

    private static let service = "iamcredentials.googleapis.com"

    /// Who calls, as a member of policies, with a token that is for this API.
    private func caller(of request: HTTPRequest, _ verb: Verb) throws(GoogleFailure) -> String {
        guard let token = accessToken(of: request) else { throw .unauthenticated }
        guard !token.scopes.isDisjoint(with: [GoogleScope.cloudPlatform, GoogleScope.iam]) else {
            throw .insufficientScopes(Self.service, method: verb.method)
        }
        return token.member
    }

    /// The account, where the caller may have tokens of it: each delegate acts as the next
    /// (https://cloud.google.com/iam/docs/create-short-lived-credentials-delegated).
    private func account(
        _ key: String,
        for caller: String,
        _ delegates: JSONValue?,
        _ verb: Verb
    ) throws(GoogleFailure) -> CloudAccount {
        try cloud.requireService(Self.service, for: caller, asking: key)
        var caller = caller
        for element in delegates?.elements.map({ $0 }) ?? [] {
            let prefix = "projects/-/serviceAccounts/"
            guard let name = element.string(), name.hasPrefix(prefix) else { throw .invalidArgument }
            caller = try account(
                String(name.dropFirst(prefix.count)),
                for: caller,
                "iam.serviceAccounts.implicitDelegation"
            ).member
        }
        guard state.withLock({ $0.behaviour.allowsImpersonation }) else {
            throw .denied(verb.permission, on: "projects/-/serviceAccounts/\(key)")
        }
        return try account(key, for: caller, verb.permission)
    }

    private func account(
        _ key: String,
        for caller: String,
        _ permission: String
    ) throws(GoogleFailure) -> CloudAccount {
        guard let account = cloud.tokenAccount(key, for: caller, permission) else {
            throw .denied(permission, on: "projects/-/serviceAccounts/\(key)")
        }
        return account
    }

    private func idToken(_ body: JSONValue, of account: CloudAccount) throws(GoogleFailure) -> [UInt8] {
        guard let audience = body["audience"]?.string(), !audience.isEmpty else { throw .invalidArgument }
        let behaviour = state.withLock { $0.behaviour }
        var claims = claims(audience: audience, of: account.email, account.uniqueID, behaviour: behaviour)
        if body["includeEmail"]?.boolean() != true { claims.email = nil }
        if body["useEmailAzp"]?.boolean() == true { claims.authorizedParty = "\(account.email)" }
        guard let token = try? signer.sign(claims) else {
            throw GoogleFailure(code: 500, status: "INTERNAL", message: "Internal error encountered.")
        }
        var writer = JSONWriter()
        writer.object { $0.member("token", token) }
        return writer.bytes
    }

    private func accessToken(_ body: JSONValue, of account: CloudAccount) throws(GoogleFailure) -> [UInt8] {
        let scopes = Set(body["scope"]?.elements.compactMap { $0.string() } ?? [])
        guard !scopes.isEmpty else { throw .invalidArgument }
        let token = makeAccessToken(of: account.member, scopes: scopes)
        var writer = JSONWriter()
        writer.object { object in
            object.member("accessToken", token)
            object.member("expireTime", (clock.now() + .seconds(3600)).rfc3339)
        }
        return writer.bytes
    }
}

extension GoogleFailure {
    fileprivate static let invalidArgument = invalid("Request contains an invalid argument.")
}
