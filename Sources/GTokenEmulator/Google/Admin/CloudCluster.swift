package import GTokenCore

/// A cluster of the stand-in's Kubernetes Engine.
package struct CloudCluster: Sendable {
    /// Its project, location and name.
    package var cluster: GKECluster
    /// Whether it has a workload pool.
    package var hasWorkloadIdentity = true
    /// Whether it is an Autopilot cluster.
    package var isAutopilot = false
    /// Whether its nodes have no public addresses.
    package var hasPrivateNodes = false
    /// The version of its control plane.
    package var version = "1.33.4-gke.1245000"
    /// What each of its node pools finds at the metadata server's address, by name.
    package var nodePools: [(name: String, metadataMode: String)] = [("default-pool", "GKE_METADATA")]

    /// A cluster with Workload Identity and one node pool.
    package init(_ cluster: GKECluster) { self.cluster = cluster }

    /// The pool that it has, or would have.
    var workloadPool: String { "\(cluster.project).svc.id.goog" }

    /// As GKE's `Cluster`, of what it says about identity.
    func write(to writer: inout JSONWriter) {
        writer.object { object in
            object.member("name", cluster.name)
            object.member("location", cluster.location)
            object.member("locations") { $0.array { $0.value(cluster.location) } }
            object.member("selfLink", "https://container.googleapis.com/v1/\(cluster)")
            object.member("status", "RUNNING")
            object.member("currentMasterVersion", version)
            object.member("currentNodeVersion", version)
            object.member("initialClusterVersion", version)
            object.member("endpoint", "203.0.113.10")
            if hasWorkloadIdentity {
                object.member("workloadIdentityConfig") {
                    $0.object { $0.member("workloadPool", workloadPool) }
                }
            }
            object.member("autopilot") { $0.object { if isAutopilot { $0.member("enabled", true) } } }
            if hasPrivateNodes {
                object.member("privateClusterConfig") { config in
                    config.object { config in
                        config.member("enablePrivateNodes", true)
                        config.member("masterIpv4CidrBlock", "172.16.0.0/28")
                    }
                }
            }
            object.member("nodePools") { pools in
                pools.array { pools in
                    for pool in nodePools { write(pool, to: &pools) }
                }
            }
        }
    }

    /// As GKE's `NodePool`.
    func write(_ pool: (name: String, metadataMode: String), to pools: inout JSONWriter) {
        pools.object { object in
            object.member("name", pool.name)
            object.member("version", version)
            object.member("status", "RUNNING")
            object.member("config") { config in
                config.object { config in
                    config.member("machineType", "e2-standard-4")
                    guard !pool.metadataMode.isEmpty else { return }
                    config.member("workloadMetadataConfig") {
                        $0.object { $0.member("mode", pool.metadataMode) }
                    }
                }
            }
        }
    }
}
