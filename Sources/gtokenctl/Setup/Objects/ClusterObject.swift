import GTokenAdminClients
import GTokenClients
import GTokenCore

/// A cluster, which has to have Workload Identity for the identity `google`.
struct ClusterObject: SetupObject {
    let cluster: GKECluster

    var id: ObjectID { ObjectID(.cluster, "\(cluster)") }
    var needs: [ObjectID] { [] }

    func reconcile(_ context: SetupContext) async throws -> ObjectChange {
        guard let state = try await context.clusters.cluster(cluster) else {
            throw SetupError(
                "there is no cluster \(cluster.name) in \(cluster.location) of the project \(cluster.project)",
                hint:
                    "make one: gcloud container clusters create-auto \(cluster.name) --location=\(cluster.location) "
                    + "--project=\(cluster.project)"
            )
        }
        let pool = "\(cluster.project).svc.id.goog"
        var details: [ObjectChange.Detail] = []
        if state.workloadPool != pool { details.append(.add("workload pool", pool)) }
        let unready = state.isAutopilot ? [] : state.unreadyNodePools
        details += unready.map {
            .change("metadata of node pool \($0.name)", from: $0.metadataMode, to: "GKE_METADATA")
        }
        let change = ObjectChange.existing(id, details)
        guard change.isChange else { return change }
        guard context.settings.enablesWorkloadIdentity else {
            throw SetupError(
                "the cluster \(cluster.name) has no Workload Identity"
                    + (state.workloadPool == pool
                        ? " in node pools \(unready.map(\.name).joined(separator: ", "))" : ""),
                hint:
                    "turn it on with --enable-workload-identity: nodes, and for a new pool the control plane, are replaced"
            )
        }
        if context.isDryRun { return change }
        if state.workloadPool != pool { try await context.clusters.enableWorkloadIdentity(on: cluster) }
        for nodePool in unready {
            try await context.clusters.enableWorkloadIdentity(onNodePool: nodePool.name, of: cluster)
        }
        return change
    }

    func remove(_ context: SetupContext) async throws -> ObjectChange {
        ObjectChange(id, .leave, [.note("clusters are not gtokenctl's to remove")])
    }
}
