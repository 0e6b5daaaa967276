/// One Kubernetes ServiceAccount of one cluster, and the AWS role that its Pods are to have: all that has to be set up
/// for it in Google Cloud, AWS and Kubernetes follows from this.
package struct Binding: Sendable, Equatable {
    /// How the Pods are known to AWS.
    package var identity: RoleAnnotations.Identity
    /// Where the Pods run.
    package var cluster: GKECluster
    /// Whose Pods.
    package var serviceAccount: KubernetesServiceAccountName
    /// The Google service account that they act as; for identity `cluster` there is none.
    package var googleServiceAccount: GoogleServiceAccountEmail?
    /// What they may do in AWS.
    package var role: RoleSettings
    /// The `aud` of the tokens.
    package var audience: String
    /// Whether the account may make ID tokens for itself with IAM Credentials: gtoken's `--source=iam-credentials` and
    /// `--allow-iam-fallback` need it, the metadata server does not.
    package var usesIAMCredentials: Bool
    /// Whether tokens made with a key of the account, whose `azp` is its e-mail, are trusted too.
    package var allowsKeySource: Bool
    /// What the ServiceAccount's annotations say beyond role and identity.
    package var podSettings: PodSettings

    /// The AWS role.
    package struct RoleSettings: Sendable, Equatable {
        /// Its name and path.
        package var name: RoleName
        /// The managed policies to attach.
        package var policies: [PolicyReference]
        /// Policies that are the role's own, by name.
        package var inlinePolicies: [String: InlinePolicy]
        /// How long its sessions may last, in seconds: 3,600 to 43,200 (IAM API, CreateRole).
        package var maxSessionSeconds: Int
        /// The boundary of its permissions.
        package var permissionsBoundary: PolicyReference?
        /// Its tags, beside our own.
        package var tags: [String: String]

        /// What IAM gives a role that asks for nothing else: an hour.
        package static let standardMaxSessionSeconds = 3600
        /// What IAM accepts.
        package static let maxSessionSecondsRange = 3600...43_200
    }

    /// What the webhook reads from annotations for the Pods' sake.
    package struct PodSettings: Sendable, Equatable {
        /// The AWS region of the Pods.
        package var region: AWSRegion?
        /// Whether they use the region's STS.
        package var usesRegionalSTS: Bool?
        /// One session name for all Pods.
        package var sessionName: RoleSessionName?
        /// How long the cluster's tokens live, in seconds.
        package var tokenExpirationSeconds: Int?

        /// Nothing asked for.
        package init() {}
    }

    /// The binding as errors and progress name it.
    package var title: String { "\(serviceAccount) in \(cluster.name)" }

    /// The annotations that the ServiceAccount has to have; ours begin with `prefix`.
    package func annotations(role: RoleARN, prefix: String) -> [String: String] {
        var annotations = [prefix + "role-arn": "\(role)"]
        switch identity {
        case .google:
            annotations[RoleAnnotations.googleServiceAccountKey] = googleServiceAccount?.description
        case .cluster:
            annotations[prefix + "identity"] = identity.rawValue
        }
        if audience != identity.standardAudience { annotations[prefix + "audience"] = audience }
        annotations[prefix + "region"] = podSettings.region?.description
        annotations[prefix + "sts-regional-endpoints"] = podSettings.usesRegionalSTS.map { "\($0)" }
        annotations[prefix + "session-name"] = podSettings.sessionName?.description
        annotations[prefix + "token-expiration"] = podSettings.tokenExpirationSeconds.map { "\($0)" }
        return annotations
    }
}

/// A policy that is a role's own: a JSON object, kept as it was written.
package struct InlinePolicy: Sendable, Equatable {
    /// The document.
    package let document: JSONDocument

    /// Takes a JSON object for a policy; what is in it, IAM judges.
    package init?(_ value: JSONValue) {
        guard value.isObject, let document = try? JSONDocument(Array(value.rawBytes)) else { return nil }
        self.document = document
    }

    /// Whether both say the same, whatever their white space and the order of members.
    package static func == (one: InlinePolicy, other: InlinePolicy) -> Bool {
        one.document.root.isEqual(to: other.document.root)
    }
}

extension RoleAnnotations.Identity {
    /// The audience of tokens of this identity unless something else is asked for.
    package var standardAudience: String {
        switch self {
        case .google: TokenSourceConfiguration.defaultAudience
        case .cluster: ClusterToken.defaultAudience
        }
    }
}
