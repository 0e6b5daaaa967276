import GTokenCore
import GTokenNet
import GTokenRuntime

/// `projects.locations.clusters` of the Kubernetes Engine API (v1).
extension GoogleCloud {
    private static let service = "container.googleapis.com"

    func clusters(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let path = request.path
        guard path.count >= 6 else { throw .notFound("Method not found.") }
        let kind = path[5]
        switch (path.count, request.action) {
        case (6, "GET") where kind == "clusters": return try list(request)
        case (7, "GET") where kind == "clusters":
            return try change(request, "container.clusters.get") { cluster, _ in Self.json(cluster) }
        case (7, "GET") where kind == "operations": return try operation(request)
        case (7, "PUT") where kind == "clusters": return try update(request)
        case (9, "GET") where kind == "clusters" && path[7] == "nodePools": return try nodePool(request)
        case (9, "PUT") where kind == "clusters" && path[7] == "nodePools": return try updateNodePool(request)
        default: throw .notFound("Method not found.")
        }
    }

    private func list(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let (project, location) = (request.path[2], request.path[4])
        return try state.withLock { (state) throws(GoogleFailure) -> [UInt8] in
            try authorize(
                request,
                "container.clusters.list",
                Self.service,
                project: project,
                resource: "projects/\(project)",
                in: state
            )
            var writer = JSONWriter()
            writer.object { object in
                object.member("clusters") { list in
                    list.array { list in
                        for cluster in state.clusters.values
                        where "\(cluster.cluster.project)" == project
                            && (location == "-" || cluster.cluster.location == location)
                        { cluster.write(to: &list) }
                    }
                }
            }
            return writer.bytes
        }
    }

    private func update(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let pool = try request.body()["update"]?["desiredWorkloadIdentityConfig"]?["workloadPool"]?.string()
        return try change(request, "container.clusters.update") { (cluster, state) throws(GoogleFailure) in
            guard let pool, pool == cluster.workloadPool else {
                throw .invalid(
                    "Must specify a field to update, or the workload pool of the cluster's project."
                )
            }
            return try Self.begin(&state, on: cluster.cluster) { $0.hasWorkloadIdentity = true }
        }
    }

    private func nodePool(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        try change(request, "container.clusters.get") { (cluster, _) throws(GoogleFailure) in
            guard let pool = cluster.nodePools.first(where: { $0.name == request.path[8] }) else {
                throw .notFound("Not found: node pool \"\(request.path[8])\" not found.")
            }
            var writer = JSONWriter()
            cluster.write(pool, to: &writer)
            return writer.bytes
        }
    }

    private func updateNodePool(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let mode = try request.body()["workloadMetadataConfig"]?["mode"]?.string() ?? ""
        let name = request.path[8]
        return try change(request, "container.clusters.update") { (cluster, state) throws(GoogleFailure) in
            guard cluster.nodePools.contains(where: { $0.name == name }) else {
                throw .notFound("Not found: node pool \"\(name)\" not found.")
            }
            guard cluster.hasWorkloadIdentity || mode != "GKE_METADATA" else {
                throw GoogleFailure(
                    code: 400,
                    status: "FAILED_PRECONDITION",
                    message: "GKE_METADATA requires Workload Identity on the cluster."
                )
            }
            return try Self.begin(&state, on: cluster.cluster) { cluster in
                for index in cluster.nodePools.indices where cluster.nodePools[index].name == name {
                    cluster.nodePools[index].metadataMode = mode
                }
            }
        }
    }

    private func operation(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let (project, name) = (request.path[2], request.path[6])
        return try state.withLock { (state) throws(GoogleFailure) -> [UInt8] in
            try authorize(
                request,
                "container.operations.get",
                Self.service,
                project: project,
                resource: "projects/\(project)",
                in: state
            )
            guard var operation = state.operations[name] else {
                throw .notFound("Not found: operation \"\(name)\".")
            }
            operation.pollsLeft -= 1
            state.operations[name] = operation
            if operation.isDone, operation.failure == nil, var cluster = state.clusters[operation.cluster] {
                operation.change(&cluster)
                state.clusters[operation.cluster] = cluster
            }
            return Self.json(operation)
        }
    }

    /// One change at a time, as GKE has it.
    private static func begin(
        _ state: inout State,
        on cluster: GKECluster,
        _ change: @escaping @Sendable (inout CloudCluster) -> Void
    ) throws(GoogleFailure) -> [UInt8] {
        if let running = state.operations.values.first(where: { $0.cluster == cluster && !$0.isDone }) {
            throw GoogleFailure(
                code: 400,
                status: "FAILED_PRECONDITION",
                message: "Cluster is running incompatible operation \(running.name).",
                reason: "CLUSTER_ALREADY_HAS_OPERATION",
                domain: service
            )
        }
        let operation = CloudOperation(
            name: "operation-\(digits(13))",
            cluster: cluster,
            pollsLeft: max(1, state.behaviour.pollsUntilDone),
            failure: state.behaviour.operationFailure,
            change: change
        )
        state.operations[operation.name] = operation
        return json(operation)
    }

    private func change(
        _ request: GoogleCloudRequest,
        _ permission: String,
        _ body: (inout CloudCluster, inout State) throws(GoogleFailure) -> [UInt8]
    ) throws(GoogleFailure) -> [UInt8] {
        let path = request.path
        return try state.withLock { (state) throws(GoogleFailure) -> [UInt8] in
            let name = "projects/\(path[2])/locations/\(path[4])/clusters/\(path[6])"
            try authorize(request, permission, Self.service, project: path[2], resource: name, in: state)
            guard let project = try? GoogleProjectID(parsing: path[2]),
                let key = try? GKECluster(project: project, location: path[4], name: path[6]),
                var cluster = state.clusters[key]
            else { throw .notFound("Not found: \(name).") }
            let answer = try body(&cluster, &state)
            state.clusters[key] = cluster
            return answer
        }
    }

    private static func json(_ cluster: CloudCluster) -> [UInt8] {
        var writer = JSONWriter()
        cluster.write(to: &writer)
        return writer.bytes
    }

    private static func json(_ operation: CloudOperation) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("name", operation.name)
            object.member("operationType", "UPDATE_CLUSTER")
            object.member("status", operation.isDone ? "DONE" : "RUNNING")
            object.member(
                "selfLink",
                "https://container.googleapis.com/v1/projects/\(operation.cluster.project)/locations/"
                    + "\(operation.cluster.location)/operations/\(operation.name)"
            )
            if operation.isDone, let failure = operation.failure {
                object.member("error") { error in
                    error.object { error in
                        error.member("code", 13)
                        error.member("message", failure)
                    }
                }
            }
        }
        return writer.bytes
    }
}
