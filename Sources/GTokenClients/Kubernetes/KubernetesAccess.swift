package import GTokenNet
private import GTokenRuntime

/// Where a Kubernetes API server is, how it is verified, and what proves who we are.
package struct KubernetesAccess: Sendable {
    /// The API's root, such as `https://10.0.0.1:443`.
    package var server: HTTPURL
    /// The certificate authorities that the server's certificate must chain to, as PEM; `nil` for plain HTTP.
    package var trustedRootsPEM: [UInt8]?
    /// The proof of who we are.
    package var credential: Credential

    /// A bearer token, or nothing.
    package enum Credential: Sendable {
        /// For a server on this machine that asks for none, such as `kubectl proxy`.
        case none
        /// A token that does not change.
        case token(String)
        /// A file that is read anew for each request, because the kubelet replaces it.
        case tokenFile(String)
    }

    /// Access with these parts.
    package init(server: HTTPURL, trustedRootsPEM: [UInt8]? = nil, credential: Credential = .none) {
        self.server = server
        self.trustedRootsPEM = trustedRootsPEM
        self.credential = credential
    }

    /// The folder that every Pod has its ServiceAccount's token and its cluster's certificate authority in.
    package static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The largest certificate authority file that is read: a bundle of every public root is 250 KB.
    private static let maxBundleBytes = 1 << 20

    /// Access from inside a Pod; `nil` outside a cluster.
    ///
    /// Source: Kubernetes, "Accessing the Kubernetes API from a Pod".
    ///
    /// - Throws: ``KubernetesAccessError`` when the Pod's files or variables cannot be used.
    package static func inCluster(
        environment: [String: String],
        folder: String = serviceAccountFolder
    ) throws(KubernetesAccessError) -> KubernetesAccess? {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty else { return nil }
        let port = environment["KUBERNETES_SERVICE_PORT"] ?? "443"
        let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let roots: [UInt8]
        do throws(FileError) {
            roots = try FileReader.read(path: "\(folder)/ca.crt", maxBytes: maxBundleBytes)
        } catch {
            throw .unreadable("\(error)")
        }
        return KubernetesAccess(
            server: try url("https://\(authority)"),
            trustedRootsPEM: roots,
            credential: .tokenFile("\(folder)/token")
        )
    }

    /// Access to a server that asks for no credential.
    ///
    /// - Throws: ``KubernetesAccessError/invalidURL(_:)`` when the text is no HTTP URL.
    package static func url(_ text: String) throws(KubernetesAccessError) -> HTTPURL {
        do throws(HTTPURLError) { return try HTTPURL(parsing: text) } catch { throw .invalidURL("\(error)") }
    }
}

/// Why there is no way to the Kubernetes API.
package enum KubernetesAccessError: Error, Equatable {
    /// A server's URL that is none, and why.
    case invalidURL(String)
    /// A file that is needed cannot be read, and why.
    case unreadable(String)
    /// `kubectl config view` gave no answer, and why.
    case kubectl(String)
    /// The kubeconfig lacks something or has something that cannot be used here.
    case kubeconfig(String)
    /// The certificate authorities cannot be used, and why.
    case trustedRoots(String)
}

extension KubernetesAccessError: CustomStringConvertible {
    /// One line that says what cannot be used; never a token or a key.
    package var description: String {
        switch self {
        case .invalidURL(let reason): "the Kubernetes API server's URL is invalid: \(reason)"
        case .unreadable(let reason): reason
        case .kubectl(let reason): "cannot read the kubeconfig with \"kubectl config view\": \(reason)"
        case .kubeconfig(let reason): "the kubeconfig's current context \(reason)"
        case .trustedRoots(let reason): "the Kubernetes certificate authority cannot be used: \(reason)"
        }
    }
}
