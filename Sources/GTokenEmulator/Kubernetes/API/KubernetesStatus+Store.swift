import GTokenCore
import GTokenNet

extension KubernetesRefusal {
    static func badRequest(_ message: String) -> KubernetesRefusal {
        KubernetesRefusal(response: KubernetesStatus.badRequest(message))
    }

    init(_ error: ObjectStoreError) { response = KubernetesStatus.of(error) }
}

extension KubernetesStatus {
    /// What an API server says where its store refuses.
    static func of(_ error: ObjectStoreError) -> HTTPResponse {
        switch error {
        case .notFound(let resource, let name):
            failure(
                404,
                "NotFound",
                "\(resource.qualifiedName) \"\(name)\" not found",
                details: Details(resource, name)
            )
        case .alreadyExists(let resource, let name):
            failure(
                409,
                "AlreadyExists",
                "\(resource.qualifiedName) \"\(name)\" already exists",
                details: Details(resource, name)
            )
        case .conflict(let resource, let name, let conflict):
            failure(
                409,
                "Conflict",
                "Operation cannot be fulfilled on \(resource.qualifiedName) \"\(name)\": \(reason(conflict))",
                details: Details(resource, name)
            )
        case .applyConflict(let resource, let name, let conflicts):
            failure(
                409,
                "Conflict",
                "Apply failed with \(conflicts.count) conflict\(conflicts.count == 1 ? "" : "s"): conflicts with "
                    + conflicts.joined(separator: ", "),
                details: Details(resource, name)
            )
        case .invalid(let resource, let name, let field):
            failure(
                422,
                "Invalid",
                "\(resource.kind)\(resource.group.isEmpty ? "" : ".\(resource.group)") \"\(name)\" is invalid: "
                    + "\(field.field): \(field.problem)",
                details: Details(
                    name: name,
                    group: resource.group.isEmpty ? nil : resource.group,
                    kind: resource.kind,
                    cause: (reason: field.reason, message: field.problem, field: field.field)
                )
            )
        case .malformed(let message): badRequest(message)
        case .expired(let asked, let oldest): tooOld(asked, oldest)
        case .notYet(let asked, let current):
            failure(504, "Timeout", "Too large resource version: \(asked), current: \(current)")
        }
    }

    private static func reason(_ conflict: ObjectStoreError.Conflict) -> String {
        switch conflict {
        case .modified:
            "the object has been modified; please apply your changes to the latest version and try again"
        case .uid(let expected, let actual):
            "Precondition failed: UID in precondition: \(expected), UID in object meta: \(actual)"
        case .version(let expected, let actual):
            "Precondition failed: ResourceVersion in precondition: \(expected), ResourceVersion in object meta: "
                + actual
        }
    }

    /// A watch from a version after which not all changes are known any more.
    static func tooOld(_ asked: Int, _ oldest: Int) -> HTTPResponse {
        failure(410, "Expired", "too old resource version: \(asked) (\(oldest))")
    }

    /// A list that cannot go on at its version; the token goes on with what is there now.
    static func listExpired(_ continuation: Continuation) -> HTTPResponse {
        failure(
            410,
            "Expired",
            "The provided continue parameter is too old to display a consistent list result. You can start a new "
                + "list without the continue parameter, or use the continue token in this response to retrieve "
                + "the remainder of the results.",
            continuation: Continuation(version: nil, start: continuation.start).token
        )
    }

    static func forbidden(_ request: ResourceRequest, user: String) -> HTTPResponse {
        let resource = request.path.resource
        let scope = request.path.namespace.map { "in the namespace \"\($0)\"" } ?? "at the cluster scope"
        let name = request.name.map { " \"\($0)\"" } ?? ""
        return failure(
            403,
            "Forbidden",
            "\(resource.qualifiedName)\(name) is forbidden: User \"\(user)\" cannot \(request.verb.rawValue) "
                + "resource \"\(resource.plural)\(request.subresource)\" in API group \"\(resource.group)\" \(scope)",
            details: Details(resource, request.name)
        )
    }

    /// An answer of a fault that a test has asked for.
    static func fault(_ code: Int, retryAfter: Int?, _ request: ResourceRequest, user: String) -> HTTPResponse
    {
        let resource = request.path.resource
        var response =
            switch code {
            case 401: unauthorized
            case 403: forbidden(request, user: user)
            case 409: of(.conflict(resource, name: request.name ?? "", .modified))
            case 410: tooOld(0, 0)
            default: failure(code)
            }
        if let retryAfter { response.headers.set("Retry-After", "\(retryAfter)") }
        return response
    }

    static let notAcceptable = failure(
        406,
        "NotAcceptable",
        "only the following media types are accepted: application/json"
    )

    static func unsupportedMediaType(_ accepted: [String]) -> HTTPResponse {
        failure(
            415,
            "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: "
                + accepted.joined(separator: ", ")
        )
    }

    static let unprocessablePatch = failure(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
        details: Details()
    )

    static func success(_ object: StoredObject, _ resource: KubernetesResource) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { root in
            root.member("kind", "Status")
            root.member("apiVersion", "v1")
            root.member("metadata") { $0.object { _ in } }
            root.member("status", "Success")
            root.member("details") { details in
                details.object { details in
                    details.member("name", object.key.name)
                    if !resource.group.isEmpty { details.member("group", resource.group) }
                    details.member("kind", resource.plural)
                    details.member("uid", object.uid)
                }
            }
        }
        return .json(writer.bytes)
    }
}

extension KubernetesStatus.Details {
    fileprivate init(_ resource: KubernetesResource, _ name: String?) {
        self.init(
            name: name,
            group: resource.group.isEmpty ? nil : resource.group,
            kind: resource.plural
        )
    }
}
