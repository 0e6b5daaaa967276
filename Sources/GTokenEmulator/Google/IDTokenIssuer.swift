import GTokenCore
import GTokenNet

/// Signs ID tokens as Google does: RS256, with the key's id in the header.
struct IDTokenIssuer: Sendable {
    /// What stands in a token.
    struct Claims: Sendable {
        var audience: String
        var subject: String
        var authorizedParty: String
        var email: String?
        var issuedAt: UnixTime
        var lifetime: Duration
    }

    /// Google's issuer, whatever address the stand-in has.
    static let issuer = "https://accounts.google.com"

    private let key: RSAPrivateKey
    private let keyID: String

    init() throws(CryptographyError) {
        key = try RSAPrivateKey.generate()
        // Google's key ids have 40 hexadecimal digits.
        keyID = Hexadecimal.encode(Crypto.sha256(key.publicKey.modulus).prefix(20))
    }

    var keySet: JSONWebKeySet { JSONWebKeySet([keyID: key.publicKey]) }

    func issue(_ claims: Claims) throws(CryptographyError) -> String {
        var header = JSONWriter()
        header.object { object in
            object.member("alg", "RS256")
            object.member("kid", keyID)
            object.member("typ", "JWT")
        }
        var payload = JSONWriter()
        payload.object { object in
            object.member("aud", claims.audience)
            object.member("azp", claims.authorizedParty)
            if let email = claims.email {
                object.member("email", email)
                object.member("email_verified", true)
            }
            object.member("exp", (claims.issuedAt + claims.lifetime).seconds)
            object.member("iat", claims.issuedAt.seconds)
            object.member("iss", Self.issuer)
            object.member("sub", claims.subject)
        }
        let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(payload.bytes)
        return input + "." + Base64URL.encode(try key.signSHA256(Array(input.utf8)))
    }
}
