import GTokenCore
import GTokenNet

/// OpenID Connect discovery 1.0, as much of Google's document as a relying party reads.
extension GoogleEmulator {
    /// The keys' address is this stand-in's own, by the `Host` that was asked.
    func discovery(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == "GET" else { return .empty(status: 405) }
        let host = request.headers["Host"] ?? "localhost"
        var writer = JSONWriter()
        writer.object { object in
            object.member("issuer", IDTokenIssuer.issuer)
            object.member("jwks_uri", "http://\(host)/oauth2/v3/certs")
            object.member("response_types_supported") { $0.array { $0.value("id_token") } }
            object.member("subject_types_supported") { $0.array { $0.value("public") } }
            object.member("id_token_signing_alg_values_supported") { $0.array { $0.value("RS256") } }
            object.member("claims_supported") { list in
                list.array { list in
                    for claim in ["aud", "azp", "email", "email_verified", "exp", "iat", "iss", "sub"] {
                        list.value(claim)
                    }
                }
            }
        }
        return .json(writer.bytes)
    }

    func keys(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == "GET" else { return .empty(status: 405) }
        var response = HTTPResponse.json(keySet.encoded)
        response.headers.add("Cache-Control", "public, max-age=19800, must-revalidate, no-transform")
        return response
    }
}
