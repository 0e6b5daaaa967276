import GTokenCore
import GTokenNet

/// Answers of the Kubernetes API that are no object asked for: `Status` of `v1`, as an API server writes it.
enum KubernetesStatus {
    static let unauthorized = failure(401, "Unauthorized", "Unauthorized")

    static let unknownPath = failure(
        404,
        "NotFound",
        "the server could not find the requested resource",
        hasDetails: true
    )

    static func notFound(_ name: String) -> HTTPResponse {
        failure(404, "NotFound", "serviceaccounts \"\(name)\" not found", name: name, hasDetails: true)
    }

    static func forbidden(_ name: String, namespace: String, user: String) -> HTTPResponse {
        failure(
            403,
            "Forbidden",
            "serviceaccounts \"\(name)\" is forbidden: User \"\(user)\" cannot get resource \"serviceaccounts\" "
                + "in API group \"\" in the namespace \"\(namespace)\"",
            name: name,
            hasDetails: true
        )
    }

    static func methodNotAllowed() -> HTTPResponse {
        failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
    }

    /// The failures that an API server has of its own accord.
    static func failure(_ code: Int) -> HTTPResponse {
        switch code {
        case 429:
            var response = failure(
                429,
                "TooManyRequests",
                "the server has received too many requests and has asked us to try again later"
            )
            response.headers.add("Retry-After", "1")
            return response
        case 503:
            return failure(503, "ServiceUnavailable", "the server is currently unable to handle the request")
        case 504:
            return failure(504, "Timeout", "the server was unable to return a response in the time allotted")
        default:
            return failure(code, "InternalError", "Internal error occurred: etcdserver: request timed out")
        }
    }

    private static func failure(
        _ code: Int,
        _ reason: String,
        _ message: String,
        name: String? = nil,
        hasDetails: Bool = false
    ) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { object in
            object.member("kind", "Status")
            object.member("apiVersion", "v1")
            object.member("metadata") { $0.object { _ in } }
            object.member("status", "Failure")
            object.member("message", message)
            object.member("reason", reason)
            if hasDetails {
                object.member("details") { details in
                    details.object { details in
                        guard let name else { return }
                        details.member("name", name)
                        details.member("kind", "serviceaccounts")
                    }
                }
            }
            object.member("code", code)
        }
        return .json(writer.bytes, status: code)
    }
}
