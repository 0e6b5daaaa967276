package import GTokenCore
private import GTokenNet
private import GTokenRuntime

extension KubernetesAccess {
    /// Access by the kubeconfig's current context, which `kubectl` reads and merges.
    ///
    /// Blocks until `kubectl` has answered.
    ///
    /// - Throws: ``KubernetesAccessError`` when `kubectl` fails or the context cannot be used.
    package static func kubeconfig() throws(KubernetesAccessError) -> KubernetesAccess {
        let printed: [UInt8]
        do throws(SubprocessError) {
            printed = try Subprocess.output(
                of: ["kubectl", "config", "view", "--raw", "--minify", "--flatten", "-o", "json"])
        } catch {
            throw .kubectl("\(error)")
        }
        let document: JSONDocument
        do throws(JSONError) { document = try JSONDocument(printed) } catch { throw .kubectl("\(error)") }
        return try KubernetesAccess(kubeconfig: document.root)
    }

    /// Access by a kubeconfig that has one cluster and one user, everything inline, as JSON.
    ///
    /// - Throws: ``KubernetesAccessError/kubeconfig(_:)`` when something is missing or cannot be used.
    package init(kubeconfig: JSONValue) throws(KubernetesAccessError) {
        func first(_ list: String, _ member: String) -> JSONValue? {
            kubeconfig[list]?.elements.first { _ in true }?[member]
        }
        guard let cluster = first("clusters", "cluster"), let server = cluster["server"]?.string() else {
            throw .kubeconfig("names no server")
        }
        if cluster["insecure-skip-tls-verify"]?.boolean() == true {
            throw .kubeconfig("asks not to verify the server, which is not supported")
        }
        let url = try Self.url(server)
        var roots: [UInt8]?
        if url.scheme == .https {
            guard let encoded = cluster["certificate-authority-data"]?.string(),
                let decoded = Base64.decode(encoded)
            else { throw .kubeconfig("has no valid certificate-authority-data") }
            roots = decoded
        }
        let user = first("users", "user")
        if let token = user?["token"]?.string() {
            self.init(server: url, trustedRootsPEM: roots, credential: .token(token))
        } else if let file = user?["tokenFile"]?.string() {
            self.init(server: url, trustedRootsPEM: roots, credential: .tokenFile(file))
        } else if url.scheme == .http {
            self.init(server: url)
        } else {
            throw .kubeconfig("has no token; run \"kubectl proxy\" and name it with --kube-api")
        }
    }
}
