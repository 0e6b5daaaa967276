package import GTokenCore
package import GTokenNet

/// Whose Pod the stand-in for Google is asked from.
package struct GoogleEmulatorConfiguration: Sendable {
    /// The Google service account of the Pod.
    package var email: GoogleServiceAccountEmail
    /// The account's unique id.
    package var uniqueID: GoogleUniqueID
    /// The cluster's project.
    package var project: GoogleProjectID
    /// The project's number.
    package var projectNumber: String
    /// The Pod's Kubernetes ServiceAccount.
    package var serviceAccount: KubernetesServiceAccountName
    /// The cluster's name.
    package var clusterName: String
    /// The cluster's region or zone.
    package var clusterLocation: String

    /// Makes a configuration; what few ask for has a default.
    package init(
        email: GoogleServiceAccountEmail,
        uniqueID: GoogleUniqueID,
        project: GoogleProjectID,
        serviceAccount: KubernetesServiceAccountName,
        projectNumber: String = "123456789012",
        clusterName: String = "demo-cluster",
        clusterLocation: String = "europe-west1"
    ) {
        self.email = email
        self.uniqueID = uniqueID
        self.project = project
        self.projectNumber = projectNumber
        self.serviceAccount = serviceAccount
        self.clusterName = clusterName
        self.clusterLocation = clusterLocation
    }
}

/// How the stand-in for Google behaves; it can be changed while it answers.
package struct GoogleBehaviour: Sendable {
    /// How long each answer takes, at least.
    package var delay: Duration = .zero
    /// How many requests to the metadata server are still answered with ``notReadyAnswer``.
    package var requestsUntilReady = 0
    /// What a metadata server says that is not ready.
    package var notReadyAnswer = HTTPResponse.text("Service Unavailable\n", status: 503)
    /// Whether the ServiceAccount is annotated with a Google service account; without, there are no ID tokens.
    package var isAnnotated = true
    /// From `iat` to `exp` of ID tokens.
    package var tokenLifetime: Duration = .seconds(3600)
    /// The metadata server gives the same token for an audience again while more than this is left of it.
    ///
    /// GKE's does until five minutes before expiry (newer ones one minute); zero makes it hand out a dying token.
    package var cachesUntilLeft: Duration = .seconds(300)
    /// How old a token already is when it is made, so that it dies early.
    package var tokenAge: Duration = .zero
    /// Whether an access token that the stand-in did not give is the administrator's, for clients that bring one.
    package var takesForeignTokens = false
    /// The scopes that the node, or the machine, was made with: no access token of it has others.
    package var machineScopes: Set<String> = [GoogleScope.cloudPlatform]
    /// Whether IAM Credentials makes tokens, of either kind, for those whom the policies allow it; else it denies them all.
    package var allowsImpersonation = true
    /// Answers to give once, in place of the stand-in's own.
    package var script: [ScriptedAnswer] = []

    /// A server that is well.
    package init() {}
}

/// Scopes of access tokens (https://developers.google.com/identity/protocols/oauth2/scopes).
package enum GoogleScope {
    /// All of Google Cloud; what the caller may, IAM says.
    package static let cloudPlatform = "https://www.googleapis.com/auth/cloud-platform"
    /// IAM, with the tokens of service accounts.
    package static let iam = "https://www.googleapis.com/auth/iam"
}
