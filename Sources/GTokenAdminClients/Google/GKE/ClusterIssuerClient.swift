package import GTokenClients
package import GTokenCore

/// What AWS sees of a cluster when it checks a token: the discovery document and the keys of its issuer.
///
/// Both are asked for without a token, as AWS does.
package struct ClusterIssuerClient: Sendable {
    private let api: GoogleAPIClient

    /// Makes a client of the issuers of clusters.
    package init(_ api: GoogleAPIClient) { self.api = api }

    /// What the discovery document says (OpenID Connect Discovery 1.0 section 3).
    package struct Discovery: Sendable, Equatable {
        /// Who issues the tokens; the same as the URL that the document was found by.
        package var issuer: OpenIDConnectIssuer
        /// Where the keys are.
        package var keysURL: String
    }

    /// A key of a cluster, of what says which it is (RFC 7517 section 4).
    package struct Key: Sendable, Equatable {
        /// By which the head of a token names it.
        package var id: String
        /// `RSA` or `EC`.
        package var type: String
        /// `RS256` or `ES256`.
        package var algorithm: String
    }

    /// The discovery document of a cluster.
    ///
    /// - Throws: ``GoogleAPIError/missingField(url:_:)`` where it names another issuer: AWS would not take its tokens.
    package func discovery(of cluster: GKECluster) async throws(GoogleAPIError) -> Discovery {
        let request = Self.request(cluster, [".well-known", "openid-configuration"])
        let answer = try await api.call(request).root
        return try api.read(answering: request) { () throws(MissingField) in
            guard let issuer = try? OpenIDConnectIssuer(cluster),
                answer["issuer"]?.isString("\(issuer)") ?? false
            else { throw MissingField("issuer") }
            guard let keys = answer["jwks_uri"]?.string() else { throw MissingField("jwks_uri") }
            return Discovery(issuer: issuer, keysURL: ForeignText.line(keys, limit: 500))
        }
    }

    /// The public keys of a cluster; at least one.
    package func keys(of cluster: GKECluster) async throws(GoogleAPIError) -> [Key] {
        let request = Self.request(cluster, ["jwks"])
        let answer = try await api.call(request).root
        return try api.read(answering: request) { () throws(MissingField) in
            let keys = answer["keys"]?.elements.map { key in
                Key(
                    id: key["kid"]?.string() ?? "",
                    type: key["kty"]?.string() ?? "",
                    algorithm: key["alg"]?.string() ?? ""
                )
            }
            guard let keys, !keys.isEmpty, keys.allSatisfy({ !$0.id.isEmpty && !$0.type.isEmpty }) else {
                throw MissingField("keys")
            }
            return keys
        }
    }

    private static func request(_ cluster: GKECluster, _ path: [String]) -> GoogleAPIRequest {
        var request = GoogleAPIRequest(.container, "GET", GKEClient.path(cluster) + path)
        request.isAuthenticated = false
        return request
    }
}
