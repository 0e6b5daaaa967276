import GTokenCore
import GTokenNet
import GTokenRuntime

/// Resource Manager (v1 and v3) and Service Usage (v1).
extension GoogleCloud {
    func project(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let id = request.path[2]
        let permission: String
        switch request.action {
        case "GET": permission = "resourcemanager.projects.get"
        case "POST:testIamPermissions": return try testPermissions(request)
        case "POST:getIamPolicy", "GET:getIamPolicy": permission = "resourcemanager.projects.getIamPolicy"
        default: throw .notFound("Method not found.")
        }
        let version = Int(try request.body()["options"]?["requestedPolicyVersion"]?.integer() ?? 1)
        return try state.withLock { (state) throws(GoogleFailure) -> [UInt8] in
            try authorize(
                request,
                permission,
                "cloudresourcemanager.googleapis.com",
                project: id,
                resource: "projects/\(id)",
                in: state
            )
            guard let project = state.project(id) else { throw .notFound("Requested entity was not found.") }
            return request.verb == nil
                ? Self.json(project, version: request.path[0])
                : project.policy.json(requestedVersion: version)
        }
    }

    private func testPermissions(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let asked = try request.body()["permissions"]?.elements.compactMap { $0.string() } ?? []
        let resource = "projects/\(request.path[2])"
        let granted = state.withLock { state in
            asked.filter { permission in
                state.project(request.path[2])?.policy.allows(request.caller, permission) ?? false
                    && !state.behaviour.denies(permission, on: resource)
            }
        }
        var writer = JSONWriter()
        writer.object { object in
            guard !granted.isEmpty else { return }
            object.member("permissions") { list in
                list.array { list in
                    for permission in granted { list.value(permission) }
                }
            }
        }
        return writer.bytes
    }

    func services(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let id = request.path[2]
        let names: [String]?
        switch (request.path.count, request.action) {
        case (4, "GET"): names = nil
        case (4, "GET:batchGet"): names = request.queryItems.values("names")
        case (5, "GET"): names = [request.path[4]]
        default: throw .notFound("Method not found.")
        }
        guard (1...30).contains(names?.count ?? 1) else {
            throw .invalid("Between 1 and 30 names are needed.")
        }
        return try state.withLock { (state) throws(GoogleFailure) -> [UInt8] in
            try authorize(
                request,
                "serviceusage.services.get",
                "serviceusage.googleapis.com",
                project: id,
                resource: "projects/\(id)",
                in: state
            )
            guard let project = state.project(id) else { throw .notFound("Requested entity was not found.") }
            var writer = JSONWriter()
            // A list is of those that are enabled, whatever the filter: nobody asks for the others.
            let services = (names ?? project.services.sorted()).map {
                String($0.split(separator: "/").last ?? "")
            }
            if request.path.count == 5 {
                Self.write(services[0], of: project, to: &writer)
                return writer.bytes
            }
            writer.object { object in
                object.member("services") { list in
                    list.array { list in
                        for service in services { Self.write(service, of: project, to: &list) }
                    }
                }
            }
            return writer.bytes
        }
    }

    private static func write(_ service: String, of project: CloudProject, to writer: inout JSONWriter) {
        writer.object { object in
            object.member("name", "projects/\(project.number)/services/\(service)")
            object.member("parent", "projects/\(project.number)")
            object.member("config") { config in
                config.object { config in
                    config.member("name", service)
                    config.member("title", service)
                }
            }
            object.member("state", project.services.contains(service) ? "ENABLED" : "DISABLED")
        }
    }

    private static func json(_ project: CloudProject, version: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("projectId", "\(project.id)")
            if version == "v3" {
                object.member("name", "projects/\(project.number)")
                object.member("displayName", "\(project.id)")
                object.member("state", "ACTIVE")
            } else {
                object.member("projectNumber", project.number)
                object.member("name", "\(project.id)")
                object.member("lifecycleState", "ACTIVE")
            }
        }
        return writer.bytes
    }
}
