/// What the predefined roles allow, of the permissions that the stand-in's APIs ask for.
enum CloudRole {
    /// Whether a role has a permission.
    static func allows(_ role: String, _ permission: String) -> Bool {
        switch role {
        // An owner may give himself the right to make tokens, but does not have it.
        case "roles/owner": !tokenPermissions.contains(permission)
        case "roles/editor":
            !tokenPermissions.contains(permission) && !permission.hasSuffix("setIamPolicy")
        case "roles/viewer": isRead(permission)
        case "roles/iam.serviceAccountAdmin":
            permission.hasPrefix("iam.serviceAccounts.") && !tokenPermissions.contains(permission)
        case "roles/container.admin", "roles/container.clusterAdmin": permission.hasPrefix("container.")
        case "roles/container.viewer", "roles/container.clusterViewer": permission == "container.clusters.get"
        case "roles/iam.serviceAccountTokenCreator": tokenPermissions.contains(permission)
        case "roles/iam.serviceAccountOpenIdTokenCreator": permission == "iam.serviceAccounts.getOpenIdToken"
        case "roles/iam.workloadIdentityUser":
            [
                "iam.serviceAccounts.get", "iam.serviceAccounts.list", "iam.serviceAccounts.getAccessToken",
                "iam.serviceAccounts.getOpenIdToken",
            ].contains(permission)
        default: false
        }
    }

    private static let tokenPermissions: Set<String> = [
        "iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken",
        "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt",
        "iam.serviceAccounts.implicitDelegation",
    ]

    private static func isRead(_ permission: String) -> Bool {
        [".get", ".list", ".getIamPolicy"].contains { permission.hasSuffix($0) }
    }
}
