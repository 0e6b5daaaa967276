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
        case .refused(_, 403, _): Self.missingBinding
        case .refused(_, 404, _): Self.missingAnnotation
        case .noServiceAccount:
            Self.missingAnnotation + ", or use identity cluster, which needs no Google service account"
        case .unknownAccount: "name the service account with --service-account"
        case .credentials(.refused(_, let status)), .api(.refused(_, let status)): Self.hint(status)
        case .credentials(let error): error.hint
        default: nil
        }
    }

    private static let missingAnnotation =
        "the Pod's ServiceAccount needs the annotation iam.gke.io/gcp-service-account"
    private static let missingBinding =
        "the Google service account needs the role roles/iam.workloadIdentityUser for the Pod's ServiceAccount"

    private static func hint(_ status: GoogleErrorStatus) -> String? {
        if status.isAPIDisabled {
            return "enable it: gcloud services enable iamcredentials.googleapis.com --project PROJECT"
        }
        if status.reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT" {
            return "the node or machine needs the scope https://www.googleapis.com/auth/cloud-platform"
        }
        if status.message.utf8.contains(text: "getOpenIdToken") {
            return
                "the caller needs roles/iam.serviceAccountOpenIdTokenCreator on the service account, also where it is the same"
        }
        if status.message.utf8.contains(text: "getAccessToken") { return missingBinding }
        return nil
    }
}
