package import GTokenClients
package import GTokenCore

/// Projects, by the Resource Manager API (v3).
package struct ResourceManagerClient: Sendable {
    private let api: GoogleAPIClient

    /// Makes a client of Resource Manager.
    package init(_ api: GoogleAPIClient) { self.api = api }

    /// A project as Resource Manager describes it.
    package struct Project: Sendable, Equatable {
        /// Its id.
        package var id: GoogleProjectID
        /// Its number.
        package var number: String
        /// Its name for people.
        package var displayName: String
        /// Whether it is neither deleted nor about to be.
        package var isActive: Bool
    }

    /// A project.
    ///
    /// The caller needs `resourcemanager.projects.get`; without it Google answers 403 also for one that does not exist.
    package func project(_ id: GoogleProjectID) async throws(GoogleAPIError) -> Project {
        let request = GoogleAPIRequest(.resourceManager, "GET", Self.path(id))
        let answer = try await api.call(request).root
        return try api.read(answering: request) { () throws(MissingField) in
            guard let number = answer["name"]?.string()?.split(separator: "/").last,
                number.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
            else { throw MissingField("name") }
            guard let found = answer["projectId"]?.string().flatMap({ try? GoogleProjectID(parsing: $0) })
            else {
                throw MissingField("projectId")
            }
            return Project(
                id: found,
                number: String(number),
                displayName: answer["displayName"]?.string() ?? "",
                isActive: answer["state"]?.isString("ACTIVE") ?? false
            )
        }
    }

    /// The policy on a project, conditions included: who may do what with everything in it.
    ///
    /// The caller needs `resourcemanager.projects.getIamPolicy`.
    package func policy(of project: GoogleProjectID) async throws(GoogleAPIError) -> GoogleIAMPolicy {
        let body = Array(#"{"options":{"requestedPolicyVersion":3}}"#.utf8)
        return try await api.policy(
            answering: GoogleAPIRequest(
                .resourceManager,
                "POST",
                Self.path(project),
                verb: "getIamPolicy",
                body: body
            )
        )
    }

    /// Those of the permissions that the caller does not have on a project, in their order.
    ///
    /// It needs no permission itself, and is no proof: a policy on a single resource can add to it.
    package func missingPermissions(
        _ permissions: [String],
        on project: GoogleProjectID
    ) async throws(GoogleAPIError) -> [String] {
        var body = JSONWriter()
        body.object { object in
            object.member("permissions") { list in
                list.array { list in
                    for permission in permissions { list.value(permission) }
                }
            }
        }
        let request = GoogleAPIRequest(
            .resourceManager,
            "POST",
            Self.path(project),
            verb: "testIamPermissions",
            body: body.bytes
        )
        let answer = try await api.call(request).root
        let granted = Set(answer["permissions"]?.elements.compactMap { $0.string() } ?? [])
        return permissions.filter { !granted.contains($0) }
    }

    private static func path(_ project: GoogleProjectID) -> [String] { ["v3", "projects", "\(project)"] }
}
