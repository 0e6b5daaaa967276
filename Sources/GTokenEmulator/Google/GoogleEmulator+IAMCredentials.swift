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
        guard parts.count == 2 else { return nil }
        let (key, verb) = (String(parts[0]), parts[1])
        do throws(GoogleFailure) {
            switch verb {
            case "generateIdToken":
                return .json(try idToken(request, of: try account(key, request, "getOpenIdToken")))
            case "generateAccessToken":
                return .json(try accessToken(request, of: try account(key, request, "getAccessToken")))
            default: return nil
            }
        } catch {
            return error.response
        }
    }

    /// The account, where the caller may have tokens of it.
    private func account(
        _ key: String,
        _ request: HTTPRequest,
        _ permission: String
    ) throws(GoogleFailure) -> CloudAccount {
        guard let caller = caller(of: request) else { throw .unauthenticated }
        let permission = "iam.serviceAccounts.\(permission)"
        let account = cloud.tokenAccount(key, for: caller, permission)
        guard let account, state.withLock({ $0.behaviour.mayGenerateIDTokens }) else {
            throw .denied(permission, on: "projects/-/serviceAccounts/\(key)")
        }
        return account
    }

    private func idToken(_ request: HTTPRequest, of account: CloudAccount) throws(GoogleFailure) -> [UInt8] {
        guard let body = try? JSONDocument(request.body).root,
            let audience = body["audience"]?.string(), !audience.isEmpty
        else { throw .invalid("Request contains an invalid argument.") }
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

    private func accessToken(
        _ request: HTTPRequest,
        of account: CloudAccount
    ) throws(GoogleFailure) -> [UInt8] {
        guard let body = try? JSONDocument(request.body).root, let scopes = body["scope"], scopes.isArray,
            scopes.elements.contains(where: { _ in true })
        else { throw .invalid("Request contains an invalid argument.") }
        let token = makeAccessToken(of: account.member)
        var writer = JSONWriter()
        writer.object { object in
            object.member("accessToken", token)
            object.member("expireTime", (clock.now() + .seconds(3600)).rfc3339)
        }
        return writer.bytes
    }
}
