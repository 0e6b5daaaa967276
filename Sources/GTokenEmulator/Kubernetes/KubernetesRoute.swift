import GTokenCore
import GTokenNet

/// What a path of the stand-in for the Kubernetes API is about.
enum KubernetesRoute: Equatable {
    case version
    /// What the server has: the path's segments, from `api` or `apis` on.
    case discovery([String])
    /// Objects.
    case resource(ResourcePath)
    /// The `token` subresource of a ServiceAccount.
    case token(namespace: String, name: String)
    /// The discovery document of the cluster's issuer, with the path of its keys.
    case openIDConfiguration(keysPath: String)
    /// The issuer's keys, with their path.
    case keys(path: String)

    /// Where an API server serves its issuer's keys.
    private static let apiKeysPath = "/openid/v1/jwks"
    /// Where discovery is, under an issuer's URL.
    private static let discoverySuffix = "/.well-known/openid-configuration"

    /// Finds the route of a path; `nil` where the server has none.
    ///
    /// An issuer is served twice, as on GKE: under the API server's own paths, and under the issuer's URL, whose keys
    /// are at `ISSUER/jwks`.
    init?(_ request: HTTPRequest, issuer: ServiceAccountTokenIssuer?) {
        if let issuer {
            let keysPath = issuer.path + "/jwks"
            switch request.path {
            case issuer.path + Self.discoverySuffix:
                self = .openIDConfiguration(keysPath: keysPath)
                return
            case Self.discoverySuffix:
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
        if issuer != nil, segments.count == 7, segments[6] == "token",
            ResourcePath(Array(segments[..<6]))?.resource == .serviceAccounts
        {
            self = .token(namespace: segments[3], name: segments[5])
        } else if let path = ResourcePath(segments) {
            self = .resource(path)
        } else if Discovery.has(segments) {
            self = .discovery(segments)
        } else {
            return nil
        }
    }

    /// The one method that it takes; objects take several.
    var method: String? {
        switch self {
        case .resource: nil
        case .token: "POST"
        case .version, .discovery, .openIDConfiguration, .keys: "GET"
        }
    }

    /// Whether everybody may ask, as AWS does: under the issuer's URL, not under the API server's own.
    var isPublic: Bool {
        switch self {
        case .openIDConfiguration(let keysPath), .keys(let keysPath): keysPath != Self.apiKeysPath
        case .version, .discovery, .resource, .token: false
        }
    }

    /// The names of the one ServiceAccount that it is about.
    var names: (namespace: String, name: String)? {
        switch self {
        case .token(let namespace, let name): return (namespace, name)
        case .resource(let path):
            guard path.resource == .serviceAccounts, let namespace = path.namespace, let name = path.name
            else {
                return nil
            }
            return (namespace, name)
        case .version, .discovery, .openIDConfiguration, .keys: return nil
        }
    }
}
