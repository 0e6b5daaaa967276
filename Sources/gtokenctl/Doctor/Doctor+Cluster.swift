import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore

/// The cluster, as Google has it.
extension Doctor {
    func examine(
        _ cluster: GKECluster,
        for identities: Set<RoleAnnotations.Identity>,
        _ ways: Ways,
        _ examination: Examination
    ) async -> Checked<GKEClusterState> {
        await examination.check("Google APIs", after: ways.google) { google in
            let services: [GoogleService] = [.container, .iam, .iamCredentials]
            let disabled = try await ServiceUsageClient(google.api).disabled(
                of: services,
                in: cluster.project
            )
            guard disabled.isEmpty else {
                throw CheckFailure(
                    "not enabled: \(disabled.map(\.name).joined(separator: ", "))",
                    hint: ServiceUsageClient.enableCommand(disabled, in: cluster.project)
                )
            }
            return .ok((), services.map(\.name).joined(separator: ", "))
        }
        let state = await examination.check("cluster", after: ways.google) { google in
            guard let state = try await GKEClient(google.api).cluster(cluster) else {
                throw CheckFailure(
                    "there is no cluster \(cluster.name) in \(cluster.location) of the project \(cluster.project)",
                    hint: "gcloud container clusters list --project=\(cluster.project)"
                )
            }
            return .ok(state, "\(state.controlPlaneVersion), \(state.status)")
        }
        if identities.contains(.google) { await examineWorkloadIdentity(cluster, state, examination) }
        if identities.contains(.cluster) { await examineIssuer(cluster, ways.google, examination) }
        return state
    }

    private func examineWorkloadIdentity(
        _ cluster: GKECluster,
        _ state: Checked<GKEClusterState>,
        _ examination: Examination
    ) async {
        let update = "gcloud container clusters update \(cluster.name) --location=\(cluster.location) "
        let pool = await examination.check("workload pool", after: state) { state in
            let wanted = "\(cluster.project).svc.id.goog"
            guard state.workloadPool == wanted else {
                throw CheckFailure(
                    state.workloadPool.map { "it is \($0), not \(wanted)" } ?? "the cluster has none",
                    hint: update + "--project=\(cluster.project) --workload-pool=\(wanted)"
                )
            }
            return .ok(state, wanted)
        }
        await examination.check("node pools", after: pool) { state in
            if state.isAutopilot { return .ok((), "Autopilot has Workload Identity on all nodes") }
            guard let first = state.unreadyNodePools.first else {
                return .ok((), "all \(state.nodePools.count) have GKE_METADATA")
            }
            let names = state.unreadyNodePools.map { "\($0.name) has \($0.metadataMode)" }
            throw CheckFailure(
                "Pods have the identity of the node: \(names.joined(separator: ", "))",
                hint: "gcloud container node-pools update \(first.name) --cluster=\(cluster.name) "
                    + "--location=\(cluster.location) --project=\(cluster.project) --workload-metadata=GKE_METADATA"
            )
        }
    }

    private func examineIssuer(
        _ cluster: GKECluster,
        _ google: Checked<CloudAccess.Google>,
        _ examination: Examination
    ) async {
        await examination.check("issuer and keys", after: google) { google in
            let client = ClusterIssuerClient(google.api)
            do throws(GoogleAPIError) {
                let discovery = try await client.discovery(of: cluster)
                let keys = try await client.keys(of: cluster)
                return .ok((), "\(discovery.issuer), \(keys.count) keys")
            } catch {
                throw CheckFailure(
                    "AWS cannot verify the cluster's tokens: \(error)",
                    hint:
                        "the issuer must be public: see https://\(Self.issuerName(cluster))/.well-known/openid-configuration"
                )
            }
        }
    }

    private static func issuerName(_ cluster: GKECluster) -> String {
        (try? OpenIDConnectIssuer(cluster))?.name ?? cluster.name
    }
}
