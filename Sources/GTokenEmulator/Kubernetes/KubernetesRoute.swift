import GTokenCore
import GTokenNet

/// What a path of the stand-in for the Kubernetes API is about.
enum KubernetesRoute: Equatable {
    case version
    /// A ServiceAccount, under whatever names the path has.
    case serviceAccount(namespace: String, name: String)
    /// The `token` subresource of a ServiceAccount.
    case token(namespace: String, name: String)
    /// The discovery document of the cluster's issuer, with the path of its keys.
    case openIDConfiguration(keysPath: String)
    /// The issuer's keys, with their path.
    case keys(path: String)

    /// Where an API server serves its issuer's keys.
    private static let apiKeysPath = "/openid/v1/jwks"
    /// Where discovery is, under an issuer's URL.
    private static let discovery = "/.well-known/openid-configuration"

    /// Finds the route of a path; `nil` where the server has none.
    ///
    /// An issuer is served twice, as on GKE: under the API server's own paths, and under the issuer's URL, whose keys
    /// are at `ISSUER/jwks`.
    init?(_ request: HTTPRequest, issuer: ServiceAccountTokenIssuer?) {
        if let issuer {
            let keysPath = issuer.path + "/jwks"
            switch request.path {
            case issuer.path + Self.discovery:
                self = .openIDConfiguration(keysPath: keysPath)
                return
            case Self.discovery:
                self = .openIDConfiguration(keysPath: Self.apiKeysPath)
                return
            case keysPath, Self.apiKeysPath:
                self = .keys(path: request.path)
                return
            default: break
            }
        }
        let segments = request.pathSegments ?? []
        if segments == ["version"] {
            self = .version
            return
        }
        guard segments.count >= 6, segments[..<3] == ["api", "v1", "namespaces"],
            segments[4] == "serviceaccounts"
        else { return nil }
        switch segments[6...] {
        case []: self = .serviceAccount(namespace: segments[3], name: segments[5])
        case ["token"] where issuer != nil: self = .token(namespace: segments[3], name: segments[5])
        default: return nil
        }
    }

    /// The one method that it takes.
    var method: String {
        switch self {
        case .token: "POST"
        case .version, .serviceAccount, .openIDConfiguration, .keys: "GET"
        }
    }

    /// Whether everybody may ask, as AWS does: under the issuer's URL, not under the API server's own.
    var isPublic: Bool {
        switch self {
        case .openIDConfiguration(let keysPath), .keys(let keysPath): keysPath != Self.apiKeysPath
        case .version, .serviceAccount, .token: false
        }
    }

    /// The names of the ServiceAccount that it is about.
    var names: (namespace: String, name: String)? {
        switch self {
        case .serviceAccount(let namespace, let name), .token(let namespace, let name): (namespace, name)
        case .version, .openIDConfiguration, .keys: nil
        }
    }
}
