package import GTokenClients
package import GTokenCore

/// Clusters, by the Kubernetes Engine API (v1).
package struct GKEClient: Sendable {
    let api: GoogleAPIClient

    /// Makes a client of Kubernetes Engine.
    package init(_ api: GoogleAPIClient) { self.api = api }

    /// A cluster; `nil` where there is none.
    ///
    /// The caller needs `container.clusters.get`.
    package func cluster(_ cluster: GKECluster) async throws(GoogleAPIError) -> GKEClusterState? {
        let request = GoogleAPIRequest(.container, "GET", Self.path(cluster))
        do throws(GoogleAPIError) {
            let answer = try await api.call(request)
            return try api.read(answering: request) { () throws(MissingField) in
                try GKEClusterState(answer.root, of: cluster)
            }
        } catch  where error.isNotFound {
            return nil
        }
    }

    static func path(_ cluster: GKECluster) -> [String] {
        ["v1", "projects", "\(cluster.project)", "locations", cluster.location, "clusters", cluster.name]
    }
}
