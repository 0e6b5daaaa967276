import GTokenCore
import GTokenNet

/// OpenID Connect discovery, and the keys that it leads to.
extension GoogleEmulator {
    func discovery(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == "GET" else { return .empty(status: 405) }
        return OpenIDConfiguration(
            issuer: GoogleTokenClaims.issuer,
            keysPath: "/oauth2/v3/certs",
            claims: ["aud", "azp", "email", "email_verified", "exp", "iat", "iss", "sub"]
        ).answer(to: request)
    }

    func keys(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == "GET" else { return .empty(status: 405) }
        var response = HTTPResponse.json(keySet.encoded)
        response.headers.add("Cache-Control", "public, max-age=19800, must-revalidate, no-transform")
        return response
    }
}
