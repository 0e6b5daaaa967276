import GTokenNet

/// One question to the Kubernetes API.
struct KubernetesRequest {
    var method = "GET"
    var path: KubernetesPath
    var query = HTTPForm()
    var accept = "application/json"
    var contentType = "application/json"
    var body: [UInt8] = []
    /// For everything; of a stream, for its head.
    var timeout: Duration

    /// Metadata instead of whole objects, as an object or a list (Kubernetes API Concepts, "Metadata-only fetches").
    ///
    /// Plain JSON is the second choice, so that a server that does not know the first answers all the same.
    static func metadata(_ kind: String) -> String {
        "application/json;as=\(kind);g=meta.k8s.io;v=v1, application/json"
    }
}
