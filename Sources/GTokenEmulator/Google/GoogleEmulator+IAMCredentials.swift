import GTokenCore
import GTokenNet
import GTokenRuntime

/// `projects.serviceAccounts.generateIdToken` of the IAM Service Account Credentials API.
extension GoogleEmulator {
    func iamCredentials(_ request: HTTPRequest) -> HTTPResponse {
        let method = ":generateIdToken"
        guard request.method == "POST", let segments = request.pathSegments, segments.count == 5,
            segments[0] == "v1", segments[1] == "projects", segments[2] == "-",
            segments[3] == "serviceAccounts", segments[4].hasSuffix(method)
        else { return .text("404 page not found\n", status: 404) }
        guard isAuthenticated(request) else {
            return Self.failure(
                401,
                "UNAUTHENTICATED",
                "Request had invalid authentication credentials. Expected OAuth 2 access token."
            )
        }
        let behaviour = state.withLock { $0.behaviour }
        let account = segments[4].dropLast(method.count)
        guard behaviour.mayGenerateIDTokens,
            account == "\(configuration.email)" || account == "\(configuration.uniqueID)"
        else {
            return Self.failure(
                403,
                "PERMISSION_DENIED",
                "Permission 'iam.serviceAccounts.getOpenIdToken' denied on resource (or it may not exist)."
            )
        }
        guard let body = try? JSONDocument(request.body).root,
            let audience = body["audience"]?.string(), !audience.isEmpty
        else { return Self.failure(400, "INVALID_ARGUMENT", "Request contains an invalid argument.") }
        var claims = claims(audience: audience, behaviour: behaviour)
        if body["includeEmail"]?.boolean() != true { claims.email = nil }
        if body["useEmailAzp"]?.boolean() == true { claims.authorizedParty = "\(configuration.email)" }
        guard let token = try? signer.sign(claims) else {
            return Self.failure(500, "INTERNAL", "Internal error encountered.")
        }
        var writer = JSONWriter()
        writer.object { $0.member("token", token) }
        return .json(writer.bytes)
    }

    private func isAuthenticated(_ request: HTTPRequest) -> Bool {
        guard let field = request.headers["Authorization"], field.hasPrefix("Bearer ") else { return false }
        let token = String(field.dropFirst("Bearer ".count))
        let now = clock.now()
        return state.withLock { $0.accessTokens[token].map { $0 > now } ?? false }
    }

    /// An error as Google's APIs write it.
    private static func failure(_ code: Int, _ status: String, _ message: String) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { object in
            object.member("error") { error in
                error.object { error in
                    error.member("code", code)
                    error.member("message", message)
                    error.member("status", status)
                }
            }
        }
        return .json(writer.bytes, status: code)
    }
}
