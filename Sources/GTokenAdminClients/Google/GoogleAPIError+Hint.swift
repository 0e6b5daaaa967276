package import GTokenClients
import GTokenNet

extension GoogleAPIError {
    /// What to do about it, with the command or the role where there is one.
    package var hint: String? {
        switch self {
        case .credentials(let error): error.hint
        case .refused(_, let status): status.hint ?? (service == .down ? Self.again : nil)
        case .transport(let error) where error.isTransient: Self.again
        case .transport, .malformedAnswer, .missingField, .operation, .cancelled: nil
        }
    }
}

extension GoogleAPIError {
    private static let again = "run the command again: what is done already is kept"
}

extension GoogleErrorStatus {
    /// What to do about a refusal, where it is one that somebody can mend.
    package var hint: String? {
        if isUnauthenticated {
            return "the access token is not taken: log in again with 'gcloud auth login', "
                + "or 'gcloud auth application-default login' where programs are to be you"
        }
        if isAPIDisabled {
            guard let service = detail("service"),
                let project = detail("consumer")?.split(separator: "/").last
            else {
                return "enable the API with 'gcloud services enable'"
            }
            return "gcloud services enable \(service) --project=\(project)"
        }
        guard isPermissionDenied, let permission = missingPermission else { return nil }
        guard let role = Self.roles[permission] else {
            return "ask for a role with the permission \(permission)"
        }
        return "ask for \(role), which has the permission \(permission)"
    }

    /// The permission that a refusal is about, where it says so.
    package var missingPermission: String? {
        if let permission = detail("permission") { return permission }
        // `Permission 'iam.serviceAccounts.get' denied on …`, `Required "container.clusters.get" permission(s) for …`
        guard message.hasPrefix("Permission '") || message.hasPrefix("Required \"") else { return nil }
        let quote: Character = message.hasPrefix("P") ? "'" : "\""
        let parts = message.split(separator: quote, maxSplits: 2)
        return parts.count == 3 ? String(parts[1]) : nil
    }

    private func detail(_ name: String) -> String? { details.lazy.compactMap { $0.metadata[name] }.first }

    /// The narrowest predefined role for what gtokenctl does (https://cloud.google.com/iam/docs/roles-permissions).
    private static let roles = [
        "iam.serviceAccounts.create": "roles/iam.serviceAccountAdmin",
        "iam.serviceAccounts.delete": "roles/iam.serviceAccountAdmin",
        "iam.serviceAccounts.update": "roles/iam.serviceAccountAdmin",
        "iam.serviceAccounts.setIamPolicy": "roles/iam.serviceAccountAdmin",
        "iam.serviceAccounts.getIamPolicy": "roles/iam.securityReviewer",
        "iam.serviceAccounts.get": "roles/iam.serviceAccountViewer",
        "iam.serviceAccounts.list": "roles/iam.serviceAccountViewer",
        "iam.serviceAccounts.getAccessToken": "roles/iam.serviceAccountTokenCreator",
        "iam.serviceAccounts.getOpenIdToken": "roles/iam.serviceAccountOpenIdTokenCreator",
        "iam.serviceAccounts.implicitDelegation": "roles/iam.serviceAccountTokenCreator",
        "container.clusters.get": "roles/container.clusterViewer",
        "container.clusters.update": "roles/container.clusterAdmin",
        "container.operations.get": "roles/container.viewer",
        "serviceusage.services.get": "roles/serviceusage.serviceUsageViewer",
        "serviceusage.services.use": "roles/serviceusage.serviceUsageConsumer",
        "resourcemanager.projects.get": "roles/browser",
        "resourcemanager.projects.getIamPolicy": "roles/iam.securityReviewer",
    ]
}
