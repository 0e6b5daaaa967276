import GTokenCore
import GTokenNet

/// How one of Google's APIs refuses, in the words that a real one was seen to use.
struct GoogleFailure: Error, Equatable {
    var code: Int
    var status: String
    var message: String
    /// What `google.rpc.ErrorInfo` says; empty for none.
    var reason = ""
    var domain = ""
    var metadata: [String: String] = [:]

    /// As JSON (https://cloud.google.com/apis/design/errors).
    var response: HTTPResponse {
        var writer = JSONWriter()
        writer.object { object in
            object.member("error") { error in
                error.object { error in
                    error.member("code", code)
                    error.member("message", message)
                    error.member("status", status)
                    guard !reason.isEmpty else { return }
                    error.member("details") { $0.array { $0.object(errorInfo) } }
                }
            }
        }
        return .json(writer.bytes, status: code)
    }

    private func errorInfo(_ info: inout JSONWriter) {
        info.member("@type", "type.googleapis.com/google.rpc.ErrorInfo")
        info.member("reason", reason)
        info.member("domain", domain)
        info.member("metadata") { writer in
            writer.object { object in
                for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { object.member(name, value) }
            }
        }
    }
}

extension GoogleFailure {
    static let unauthenticated = GoogleFailure(
        code: 401,
        status: "UNAUTHENTICATED",
        message:
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
            + "other valid authentication credential. See "
            + "https://developers.google.com/identity/sign-in/web/devconsole-project.",
        reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        domain: "googleapis.com"
    )

    static func notFound(_ message: String) -> GoogleFailure {
        GoogleFailure(code: 404, status: "NOT_FOUND", message: message)
    }

    static func invalid(_ message: String) -> GoogleFailure {
        GoogleFailure(code: 400, status: "INVALID_ARGUMENT", message: message)
    }

    /// IAM says the same of what does not exist to those who may not know.
    static func denied(_ permission: String, on resource: String) -> GoogleFailure {
        let isIAM = permission.hasPrefix("iam.")
        return GoogleFailure(
            code: 403,
            status: "PERMISSION_DENIED",
            message: isIAM
                ? "Permission '\(permission)' denied on resource (or it may not exist)."
                : "Required \"\(permission)\" permission(s) for \"\(resource)\".",
            reason: "IAM_PERMISSION_DENIED",
            domain: isIAM ? "iam.googleapis.com" : "cloudresourcemanager.googleapis.com",
            metadata: ["permission": permission, "resource": resource]
        )
    }

    static func disabled(_ service: String, project number: String) -> GoogleFailure {
        GoogleFailure(
            code: 403,
            status: "PERMISSION_DENIED",
            message:
                "\(service) has not been used in project \(number) before or it is disabled. Enable it by "
                + "visiting https://console.developers.google.com/apis/api/\(service)/overview?project=\(number) "
                + "then retry. If you enabled this API recently, wait a few minutes for the action to propagate to "
                + "our systems and retry.",
            reason: "SERVICE_DISABLED",
            domain: "googleapis.com",
            metadata: ["service": service, "consumer": "projects/\(number)"]
        )
    }

    static func insufficientScopes(_ service: String, method: String) -> GoogleFailure {
        GoogleFailure(
            code: 403,
            status: "PERMISSION_DENIED",
            message: "Request had insufficient authentication scopes.",
            reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            domain: "googleapis.com",
            metadata: ["service": service, "method": method]
        )
    }
}
