import GTokenCore
import GTokenNet

/// An issuer's document of OpenID Connect Discovery 1.0, as much of it as a relying party reads.
struct OpenIDConfiguration {
    /// The `iss` of its tokens, whatever address the stand-in has.
    var issuer: String
    /// Where the keys are, on the host that was asked.
    var keysPath: String
    /// The claims of its tokens, where the issuer lists them.
    var claims: [String] = []

    /// The document; `jwks_uri` is an address of the stand-in's own, by the `Host` of the request.
    func answer(to request: HTTPRequest) -> HTTPResponse {
        let host = request.headers["Host"] ?? "localhost"
        func write(_ values: [String], _ name: String, to object: inout JSONWriter) {
            object.member(name) { list in
                list.array { list in
                    for value in values { list.value(value) }
                }
            }
        }
        var writer = JSONWriter()
        writer.object { object in
            object.member("issuer", issuer)
            object.member("jwks_uri", "http://\(host)\(keysPath)")
            write(["id_token"], "response_types_supported", to: &object)
            write(["public"], "subject_types_supported", to: &object)
            write(["RS256"], "id_token_signing_alg_values_supported", to: &object)
            if !claims.isEmpty { write(claims, "claims_supported", to: &object) }
        }
        return .json(writer.bytes)
    }
}
