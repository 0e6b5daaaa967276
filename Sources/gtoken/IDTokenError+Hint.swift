import GTokenClients
import GTokenCore
import GTokenRuntime

extension IDTokenError {
    /// The status to end with.
    var exitCode: ExitCode {
        switch self {
        case .refused(_, 400..<500, _), .noServiceAccount, .credentials(.expiredLogin): .refused
        case .api(.refused(_, let status)) where 400..<500 ~= status.code && !status.isTransient: .refused
        case .credentials(.refused(_, let status)) where 400..<500 ~= status.code && !status.isTransient:
            .refused
        case .credentials(.unusableFile), .credentials(.malformedToken), .unknownAccount: .configuration
        default: .unavailable
        }
    }

    /// What to do about it, where that is known.
    var hint: String? {
        switch self {
        case .transport, .notTheMetadataServer:
            "gtoken asks the metadata server of GKE; elsewhere, GCE_METADATA_HOST says where one is"
        case .refused(_, 403, _): GoogleErrorStatus.missingBinding
        case .refused(_, 404, _), .noServiceAccount: Self.missingAnnotation
        case .unknownAccount: "name the service account with --service-account"
        case .credentials(.refused(_, let status)), .api(.refused(_, let status)): status.hint
        case .credentials(let error): error.hint
        default: nil
        }
    }

    private static let missingAnnotation =
        "the Pod's ServiceAccount needs the annotation iam.gke.io/gcp-service-account; identity cluster needs no Google "
        + "service account"
}

extension GoogleErrorStatus {
    fileprivate static let missingBinding =
        "the Google service account needs the role roles/iam.workloadIdentityUser for the Pod's ServiceAccount"

    /// What to do about a refusal of IAM Credentials or of the token endpoint, where that is known.
    fileprivate var hint: String? {
        if isAPIDisabled {
            let consumer = details.lazy.compactMap { $0.metadata["consumer"] }.first
            let project = consumer?.split(separator: "/").last.map(String.init) ?? "PROJECT"
            return "enable it: gcloud services enable iamcredentials.googleapis.com --project=\(project)"
        }
        if reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT" {
            return "the node or machine needs the scope https://www.googleapis.com/auth/cloud-platform"
        }
        if status == "invalid_grant" {
            return message.utf8.contains(text: "iat and exp")
                ? "set this machine's clock"
                : "the key or its service account may have been deleted: make another key"
        }
        return Self.missingRoles.first { message.utf8.contains(text: $0.permission) }?.hint
    }

    /// What a caller lacks who has not the permission that the message names.
    private static let missingRoles = [
        (
            permission: "implicitDelegation",
            hint: "the caller, and each delegate, needs roles/iam.serviceAccountTokenCreator on the next"
        ),
        (
            permission: "getOpenIdToken",
            hint:
                "the caller needs roles/iam.serviceAccountOpenIdTokenCreator on the service account, also where it is the same"
        ),
        (permission: "getAccessToken", hint: missingBinding),
    ]
}
