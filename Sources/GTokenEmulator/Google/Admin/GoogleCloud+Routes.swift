import GTokenCore
import GTokenNet
import GTokenRuntime

/// The administrative APIs: IAM, Kubernetes Engine, Service Usage and Resource Manager.
extension GoogleCloud {
    /// Answers an administrator's request; nil where it is for none of these APIs.
    func respond(to request: HTTPRequest, caller: String?) -> HTTPResponse? {
        guard let segments = request.pathSegments, segments.count >= 3, ["v1", "v3"].contains(segments[0]),
            segments[1] == "projects"
        else { return nil }
        guard let caller else { return GoogleFailure.unauthenticated.response }
        guard let request = GoogleCloudRequest(request, caller: caller) else { return nil }
        do throws(GoogleFailure) {
            return .json(try answer(request))
        } catch {
            return error.response
        }
    }

    private func answer(_ request: GoogleCloudRequest) throws(GoogleFailure) -> [UInt8] {
        let path = request.path
        if path.count == 3 { return try project(request) }
        switch path[3] {
        case "serviceAccounts": return try serviceAccounts(request)
        case "locations", "zones": return try clusters(request)
        case "services": return try services(request)
        default: throw .notFound("Requested entity was not found.")
        }
    }

    /// That a project is there, has an API enabled, and that the caller has a permission in it.
    func authorize(
        _ request: GoogleCloudRequest,
        _ permission: String,
        _ service: String,
        project id: String,
        resource: String,
        in state: State
    ) throws(GoogleFailure) {
        guard let project = state.project(id) else {
            throw .denied(permission, on: resource)
        }
        guard project.services.contains(service) else {
            throw .disabled(service, project: project.number)
        }
        guard !state.behaviour.denies(permission, on: resource),
            project.policy.allows(request.caller, permission)
        else {
            throw .denied(permission, on: resource)
        }
    }
}
