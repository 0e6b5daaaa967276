import GTokenCore
import GTokenNet

/// What a service account's key signs to ask Google's token endpoint for a token (RFC 7523 section 2.1).
enum ServiceAccountAssertion {
    /// What is asked for.
    enum Purpose {
        /// An access token of this scope.
        case accessToken(scope: String)
        /// An ID token for this audience.
        case idToken(audience: String)
    }

    /// The form to send; it holds the assertion.
    ///
    /// - Throws: ``GoogleCredentialError/unusableFile(path:reason:)`` for a key that does not sign; `source` is where it is from.
    static func form(
        of key: ApplicationDefaultCredentials.ServiceAccountKey,
        for purpose: Purpose,
        at now: UnixTime,
        source: String
    ) throws(GoogleCredentialError) -> HTTPForm {
        guard let assertion = sign(key, purpose, now.seconds) else {
            throw .unusableFile(path: source, reason: "its private_key does not sign")
        }
        return ["grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion]
    }

    private static func sign(
        _ key: ApplicationDefaultCredentials.ServiceAccountKey,
        _ purpose: Purpose,
        _ now: Int64
    ) -> String? {
        var header = JSONWriter()
        header.object { object in
            object.member("alg", "RS256")
            object.member("typ", "JWT")
            object.member("kid", key.keyID)
        }
        var payload = JSONWriter()
        payload.object { object in
            object.member("iss", key.email)
            switch purpose {
            case .accessToken(let scope): object.member("scope", scope)
            case .idToken(let audience):
                object.member("sub", key.email)
                object.member("target_audience", audience)
            }
            object.member("aud", "\(key.tokenURL)")
            object.member("iat", now)
            // Google takes no assertion that lives longer.
            object.member("exp", now + 3600)
        }
        let input = Base64URL.encode(header.bytes) + "." + Base64URL.encode(payload.bytes)
        return (try? key.key.signSHA256(Array(input.utf8))).map { input + "." + Base64URL.encode($0) }
    }
}
