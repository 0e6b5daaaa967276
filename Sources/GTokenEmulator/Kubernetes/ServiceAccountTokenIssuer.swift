package import GTokenCore
package import GTokenNet

/// What makes a cluster an issuer of ServiceAccount tokens: its name and its key.
package struct ServiceAccountTokenIssuer: Sendable {
    /// The `iss` of its tokens, whatever address the stand-in has.
    package let issuer: OpenIDConnectIssuer
    let signer: TokenSigner

    /// Makes an issuer with a new key, which takes about a tenth of a second.
    package init(_ issuer: OpenIDConnectIssuer) throws(CryptographyError) {
        self.issuer = issuer
        // A cluster's key ids are hashes in base64url: 43 characters.
        signer = try TokenSigner { Base64URL.encode(Crypto.sha256($0.modulus)) }
    }

    /// The public keys of its tokens.
    package var keySet: JSONWebKeySet { signer.keySet }

    /// The path of the issuer's URL; empty where it has none.
    package var path: String { String(issuer.name.drop { $0 != "/" }) }
}

/// What a bound ServiceAccount token says (Kubernetes, "Managing Service Accounts", "Bound service account tokens").
struct ServiceAccountTokenClaims: TokenClaims {
    /// An object that the token is bound to.
    struct Reference {
        var name: String
        var uid: String

        func write(to writer: inout JSONWriter) {
            writer.object {
                $0.member("name", name)
                $0.member("uid", uid)
            }
        }
    }

    var issuer: OpenIDConnectIssuer
    var account: KubernetesServiceAccountName
    var accountUID: String
    var pod: Reference?
    var audiences: [String]
    var issuedAt: UnixTime
    var expirationSeconds: Int64
    var tokenID: String

    var expiresAt: UnixTime { issuedAt + .seconds(expirationSeconds) }

    func write(to payload: inout JSONWriter) {
        payload.member("aud") { list in
            list.array { list in
                for audience in audiences { list.value(audience) }
            }
        }
        payload.member("exp", expiresAt.seconds)
        payload.member("iat", issuedAt.seconds)
        payload.member("iss", "\(issuer)")
        payload.member("jti", tokenID)
        payload.member("kubernetes.io") { object in
            object.object { object in
                object.member("namespace", account.namespace)
                if let pod { object.member("pod") { pod.write(to: &$0) } }
                let reference = Reference(name: account.name, uid: accountUID)
                object.member("serviceaccount") { reference.write(to: &$0) }
            }
        }
        payload.member("nbf", issuedAt.seconds)
        payload.member("sub", account.subject)
    }
}
