package import GTokenClients
package import GTokenCore
internal import GTokenRuntime

/// Turning Workload Identity on: changes that GKE makes in the background, and that are waited for.
extension GKEClient {
    /// Gives a cluster its project's workload pool; its node pools are another matter.
    ///
    /// The control plane is replaced meanwhile, which takes some minutes. The caller needs `container.clusters.update`.
    ///
    /// - Parameters:
    ///   - cluster: the cluster.
    ///   - patience: how long to wait for it, and for what else goes on in the cluster.
    /// - Throws: ``GoogleAPIError``.
    package func enableWorkloadIdentity(
        on cluster: GKECluster,
        patience: Duration = .seconds(1800)
    ) async throws(GoogleAPIError) {
        var body = JSONWriter()
        body.object { object in
            object.member("update") { update in
                update.object { update in
                    update.member("desiredWorkloadIdentityConfig") { config in
                        config.object { $0.member("workloadPool", "\(cluster.project).svc.id.goog") }
                    }
                }
            }
        }
        try await perform(
            GoogleAPIRequest(.container, "PUT", Self.path(cluster), body: body.bytes),
            in: cluster,
            within: patience
        )
    }

    /// Gives a node pool the metadata server of GKE: its nodes are replaced one after another, and their Pods move.
    ///
    /// The caller needs `container.clusters.update`.
    ///
    /// - Parameters:
    ///   - nodePool: its name.
    ///   - cluster: its cluster, which must have a workload pool.
    ///   - patience: how long to wait for it, and for what else goes on in the cluster.
    /// - Throws: ``GoogleAPIError``.
    package func enableWorkloadIdentity(
        onNodePool nodePool: String,
        of cluster: GKECluster,
        patience: Duration = .seconds(3600)
    ) async throws(GoogleAPIError) {
        var body = JSONWriter()
        body.object { object in
            object.member("workloadMetadataConfig") { $0.object { $0.member("mode", "GKE_METADATA") } }
        }
        try await perform(
            GoogleAPIRequest(
                .container,
                "PUT",
                Self.path(cluster) + ["nodePools", nodePool],
                body: body.bytes
            ),
            in: cluster,
            within: patience
        )
    }

    /// Asks for a change as soon as no other one goes on, and waits for its end.
    private func perform(
        _ request: GoogleAPIRequest,
        in cluster: GKECluster,
        within patience: Duration
    ) async throws(GoogleAPIError) {
        let end = api.clock.now() + patience
        var operation: GKEOperation
        while true {
            do throws(GoogleAPIError) {
                operation = try await self.operation(answering: request)
                break
            } catch  where error.isClusterBusy && api.clock.now() + Self.busyDelay < end {
                try await api.clock.sleep(for: Self.busyDelay, cancelled: GoogleAPIError.cancelled)
            }
        }
        let path = [
            "v1", "projects", "\(cluster.project)", "locations", cluster.location, "operations",
            operation.name,
        ]
        var backoff = Backoff(floor: .seconds(1), base: .seconds(2), cap: .seconds(15))
        while !operation.isDone {
            let delay = backoff.next()
            guard api.clock.now() + delay < end else {
                throw .operation(
                    name: operation.name,
                    message: "it goes on, but was not waited for any longer"
                )
            }
            try await api.clock.sleep(for: delay, cancelled: GoogleAPIError.cancelled)
            operation = try await self.operation(answering: GoogleAPIRequest(.container, "GET", path))
        }
        if let message = operation.failure { throw .operation(name: operation.name, message: message) }
    }

    /// Node pools are upgraded in minutes.
    private static let busyDelay = Duration.seconds(15)

    private func operation(answering request: GoogleAPIRequest) async throws(GoogleAPIError) -> GKEOperation {
        let answer = try await api.call(request)
        return try api.read(answering: request) { () throws(MissingField) in try GKEOperation(answer.root) }
    }
}

extension GoogleAPIError {
    /// Whether GKE makes another change to the cluster: one at a time.
    fileprivate var isClusterBusy: Bool {
        guard let status else { return false }
        return status.reason == "CLUSTER_ALREADY_HAS_OPERATION"
            || ["FAILED_PRECONDITION", "ABORTED"].contains(status.status)
                && status.message.utf8.contains(text: "operation")
    }
}

/// A change that GKE makes in the background.
private struct GKEOperation {
    var name: String
    var isDone: Bool
    /// Why it failed; `nil` where it did not.
    var failure: String?

    init(_ value: JSONValue) throws(MissingField) {
        guard let name = value["name"]?.string(), !name.isEmpty, let status = value["status"]?.string() else {
            throw MissingField("operation")
        }
        self.name = ForeignText.line(name, limit: 100)
        isDone = status == "DONE"
        if let error = value["error"], error.isObject {
            failure = ForeignText.line(error["message"]?.string() ?? "(no reason given)", limit: 1000)
        }
    }
}
