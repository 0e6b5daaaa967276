import GTokenCore
import GTokenNet

/// Answers of the Kubernetes API that are no object asked for: `Status` of `v1`, as an API server writes it.
enum KubernetesStatus {
    static let unauthorized = failure(401, "Unauthorized", "Unauthorized")

    static let unknownPath = failure(
        404,
        "NotFound",
        "the server could not find the requested resource",
        details: Details()
    )

    static func notFound(_ name: String, resource: String = serviceAccounts) -> HTTPResponse {
        failure(
            404,
            "NotFound",
            "\(resource) \"\(name)\" not found",
            details: Details(name: name, kind: resource)
        )
    }

    static func badRequest(_ message: String) -> HTTPResponse { failure(400, "BadRequest", message) }

    /// An object that is not the one that the caller knows under the name.
    static func conflict(_ name: String, resource: String) -> HTTPResponse {
        failure(
            409,
            "Conflict",
            "Operation cannot be fulfilled on \(resource) \"\(name)\": the UID in the bound object reference does "
                + "not match the UID in record. The object might have been deleted and then recreated",
            details: Details(name: name, kind: resource)
        )
    }

    /// A TokenRequest with a field that is out of its range.
    static func invalid(field: String, _ problem: String) -> HTTPResponse {
        failure(
            422,
            "Invalid",
            "TokenRequest.authentication.k8s.io \"\" is invalid: \(field): \(problem)",
            details: Details(
                group: "authentication.k8s.io",
                kind: "TokenRequest",
                cause: (reason: "FieldValueInvalid", message: problem, field: field)
            )
        )
    }

    private static let serviceAccounts = "serviceaccounts"

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

    /// What a failure is about, as far as the server says.
    struct Details {
        var name: String?
        var group: String?
        var kind: String?
        var cause: (reason: String, message: String, field: String)?

        fileprivate func write(to details: inout JSONWriter) {
            for (key, value) in [("name", name), ("group", group), ("kind", kind)] {
                if let value { details.member(key, value) }
            }
            guard let cause else { return }
            details.member("causes") { causes in
                causes.array { causes in
                    causes.object {
                        $0.member("reason", cause.reason)
                        $0.member("message", cause.message)
                        $0.member("field", cause.field)
                    }
                }
            }
        }
    }

    static func failure(
        _ code: Int,
        _ reason: String,
        _ message: String,
        details: Details? = nil,
        continuation: String? = nil
    ) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { object in
            object.member("kind", "Status")
            object.member("apiVersion", "v1")
            object.member("metadata") { metadata in
                metadata.object { if let continuation { $0.member("continue", continuation) } }
            }
            object.member("status", "Failure")
            object.member("message", message)
            object.member("reason", reason)
            if let details { object.member("details") { $0.object { details.write(to: &$0) } } }
            object.member("code", code)
        }
        return .json(writer.bytes, status: code)
    }
}
