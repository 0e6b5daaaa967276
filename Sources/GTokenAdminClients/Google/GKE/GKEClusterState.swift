import GTokenClients
package import GTokenCore

/// A cluster as GKE describes it, of what matters to a Pod's identity
/// (https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters).
package struct GKEClusterState: Sendable, Equatable {
    /// Its project, location and name.
    package var cluster: GKECluster
    /// `RUNNING`, `PROVISIONING`, `RECONCILING`, `STOPPING`, `ERROR`, `DEGRADED`.
    package var status: String
    /// The pool of Workload Identity, `PROJECT.svc.id.goog`; `nil` where it is not enabled.
    package var workloadPool: String?
    /// The version of the control plane, such as `1.33.4-gke.1245000`.
    package var controlPlaneVersion: String
    /// Whether Google manages its nodes: Workload Identity is then always on.
    package var isAutopilot: Bool
    /// Whether its nodes have no public addresses: the control plane reaches webhooks on ports 443 and 10250 only.
    package var hasPrivateNodes: Bool
    /// Whether its control plane has no public address.
    package var hasPrivateEndpoint: Bool
    /// The control plane's address block of a private cluster, where it has one; what a firewall rule lets in.
    package var controlPlaneRange: String?
    /// The address of its API.
    package var endpoint: String?
    /// Its node pools.
    package var nodePools: [NodePool]

    /// Some of a cluster's nodes, all alike.
    package struct NodePool: Sendable, Equatable {
        /// Its name.
        package var name: String
        /// What a Pod on it finds at the metadata server's address: `GKE_METADATA`, `GCE_METADATA`, `SECURE`, or
        /// `MODE_UNSPECIFIED` where GKE says nothing.
        package var metadataMode: String
        /// The version of its nodes.
        package var version: String

        /// Whether Pods on it have the identity of their ServiceAccounts.
        package var isWorkloadIdentityReady: Bool { metadataMode == "GKE_METADATA" }

        /// Makes a node pool.
        package init(name: String, metadataMode: String, version: String = "") {
            (self.name, self.metadataMode, self.version) = (name, metadataMode, version)
        }
    }

    /// The node pools on which Pods have the identity of the node; none in Autopilot.
    package var unreadyNodePools: [NodePool] {
        isAutopilot ? [] : nodePools.filter { !$0.isWorkloadIdentityReady }
    }

    /// Reads a cluster.
    init(_ value: JSONValue, of cluster: GKECluster) throws(MissingField) {
        guard value["name"]?.isString(cluster.name) ?? false else { throw MissingField("name") }
        guard let version = value["currentMasterVersion"]?.string() else {
            throw MissingField("currentMasterVersion")
        }
        self.cluster = cluster
        status = value["status"]?.string() ?? ""
        workloadPool = value["workloadIdentityConfig"]?["workloadPool"]?.string().flatMap {
            $0.isEmpty ? nil : $0
        }
        controlPlaneVersion = version
        isAutopilot = value["autopilot"]?["enabled"]?.boolean() ?? false
        // Newer clusters say it in a second place, and GKE keeps the first in step.
        let isPrivate = value["privateClusterConfig"]
        let network = value["networkConfig"]
        hasPrivateNodes =
            isPrivate?["enablePrivateNodes"]?.boolean()
            ?? network?["defaultEnablePrivateNodes"]?.boolean() ?? false
        hasPrivateEndpoint = isPrivate?["enablePrivateEndpoint"]?.boolean() ?? false
        controlPlaneRange = isPrivate?["masterIpv4CidrBlock"]?.string()
        endpoint = value["endpoint"]?.string()
        nodePools = []
        for pool in value["nodePools"]?.elements.map({ $0 }) ?? [] {
            guard let name = pool["name"]?.string() else { throw MissingField("nodePools.name") }
            nodePools.append(
                NodePool(
                    name: name,
                    metadataMode: pool["config"]?["workloadMetadataConfig"]?["mode"]?.string()
                        ?? "MODE_UNSPECIFIED",
                    version: pool["version"]?.string() ?? ""
                )
            )
        }
    }
}
