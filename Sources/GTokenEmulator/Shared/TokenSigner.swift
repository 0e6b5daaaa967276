import GTokenCore
import GTokenNet

/// What a token says: the members of its payload.
protocol TokenClaims {
    func write(to payload: inout JSONWriter)
}

/// Signs JSON Web Tokens with a key of its own: RS256 (RFC 7518 section 3.3), the key's id in the header.
struct TokenSigner: Sendable {
    private let key: RSAPrivateKey
    private let keyID: String
    private let type: String?

    /// Makes a signer with a new key, which takes about a tenth of a second.
    ///
    /// `type` is the header's `typ`, which not every issuer writes; `keyID` names a key as the issuer does.
    init(type: String? = nil, keyID: (RSAPublicKey) -> String) throws(CryptographyError) {
        key = try RSAPrivateKey.generate()
        SecretLedger.note(.privateKey, String(decoding: key.pem, as: UTF8.self))
        self.keyID = keyID(key.publicKey)
        self.type = type
    }

    var keySet: JSONWebKeySet { JSONWebKeySet([keyID: key.publicKey]) }

    func sign(_ claims: some TokenClaims) throws(CryptographyError) -> String {
        var header = JSONWriter()
        header.object { object in
            object.member("alg", "RS256")
            object.member("kid", keyID)
            if let type { object.member("typ", type) }
        }
        var payload = JSONWriter()
        payload.object { claims.write(to: &$0) }
        let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(payload.bytes)
        let token = input + "." + Base64URL.encode(try key.signSHA256(Array(input.utf8)))
        SecretLedger.note(.token, token)
        return token
    }
}
