/// Everything that can be said of a binding.
///
/// The variables are those of the guide that the Go project came with, where it has one.
package enum BindingFields {
    // MARK: The cluster

    static let project = BindingField(
        "project",
        Option(
            "project",
            .name("ID", expecting: "\(ExpectedName.googleProjectID)", GoogleProjectID.init(parsing:)),
            environment: "PROJECT_ID",
            help: "The Google Cloud project of the cluster"
        )
    )
    static let clusterName = BindingField(
        "clusterName",
        Option(
            "cluster-name",
            .word("NAME", expecting: "\(ExpectedName.gkeCluster)"),
            environment: "CLUSTER_NAME",
            help: "The GKE cluster"
        )
    )
    static let clusterLocation = BindingField(
        "clusterLocation",
        Option(
            "cluster-location",
            .word("PLACE", expecting: "\(ExpectedName.googleLocation)"),
            environment: "CLUSTER_LOCATION",
            help: "The cluster's region or zone (CLUSTER_ZONE is read too)"
        )
    )

    // MARK: Whose Pods

    static let namespace = BindingField(
        "namespace",
        Option(
            "namespace",
            short: "n",
            .word("NAME", expecting: "\(ExpectedName.kubernetesNamespace)"),
            environment: "KSA_NAMESPACE",
            help: "The namespace of the Kubernetes ServiceAccount (K8S_NAMESPACE is read too)"
        )
    )
    static let serviceAccount = BindingField(
        "serviceAccount",
        Option(
            "service-account",
            .word("NAME", expecting: "\(ExpectedName.kubernetesServiceAccount)"),
            environment: "KSA_NAME",
            help: "The Kubernetes ServiceAccount"
        )
    )
    static let identity = BindingField(
        "identity",
        Option(
            "identity",
            OptionKind<RoleAnnotations.Identity>.choice("IDENTITY"),
            environment: "GTOKEN_IDENTITY",
            default: RoleAnnotations.Identity.google.rawValue,
            help:
                "How the Pods are known to AWS: google, by a Google service account, or cluster, by the ServiceAccount itself"
        )
    )
    static let googleServiceAccount = BindingField(
        "googleServiceAccount",
        Option(
            "google-service-account",
            OptionKind<GoogleAccountReference>(
                "NAME|EMAIL",
                expecting:
                    "a name of 6 to 30 of a-z, 0-9 and -, a letter first, or a service account's e-mail",
                parse: GoogleAccountReference.init(parsing:)
            ),
            environment: "GSA_NAME",
            help: "The Google service account, for identity google; made in the project where it is not there"
        )
    )

    // MARK: The role

    static let role = BindingField(
        "role",
        Option(
            "aws-role",
            .name(
                "NAME",
                expecting: "a role's name, 1 to 64 of A-Z, a-z, 0-9 and _+=,.@-, perhaps with a path",
                RoleName.init(parsing:)
            ),
            environment: "AWS_ROLE_NAME",
            help: "The AWS role"
        )
    )
    static let policies = BindingField(
        "policies",
        Option(
            "aws-policy",
            .name("NAME|ARN", expecting: "a policy's name or ARN", PolicyReference.init(parsing:)),
            environment: "AWS_POLICY_NAME",
            takesSeveral: true,
            help: "A managed policy to attach; of a name, AWS's own policy, else the account's"
        )
    )
    static let maxSessionDuration = BindingField(
        "maxSessionDuration",
        Option(
            "max-session-duration",
            .duration(.seconds(3600) ... .seconds(43_200)),
            environment: "GTOKENCTL_MAX_SESSION_DURATION",
            default: Duration.seconds(Binding.RoleSettings.standardMaxSessionSeconds).goText,
            help: "How long the role's sessions may last"
        )
    )
    static let permissionsBoundary = BindingField(
        "permissionsBoundary",
        Option(
            "permissions-boundary",
            .name("NAME|ARN", expecting: "a policy's name or ARN", PolicyReference.init(parsing:)),
            environment: "GTOKENCTL_PERMISSIONS_BOUNDARY",
            help: "The policy that bounds what the role may do"
        )
    )
    static let tags = BindingField(
        "tags",
        Option(
            "tag",
            OptionKind<RoleTag>(
                "KEY=VALUE",
                expecting: "KEY=VALUE, at most 128 and 256 characters",
                parse: RoleTag.init(parsing:)
            ),
            environment: "GTOKENCTL_TAGS",
            takesSeveral: true,
            help: "A tag of the role, beside gtokenctl's own"
        )
    )

    // MARK: The tokens

    static let audience = BindingField(
        "audience",
        Option(
            "audience",
            .word("TEXT", expecting: "a text without white space"),
            environment: "GTOKEN_AUDIENCE",
            help: "The tokens' audience; the identity's usual one when not given"
        )
    )
    static let usesIAMCredentials = BindingField(
        "usesIAMCredentials",
        Option(
            "allow-iam-credentials",
            .flag,
            environment: "GTOKENCTL_ALLOW_IAM_CREDENTIALS",
            help:
                "Let the account make ID tokens for itself, as gtoken's --source=iam-credentials and --allow-iam-fallback need"
        )
    )
    static let allowsKeySource = BindingField(
        "allowsKeySource",
        Option(
            "allow-key-source",
            .flag,
            environment: "GTOKENCTL_ALLOW_KEY_SOURCE",
            help: "Trust tokens made with a key of the Google service account, too"
        )
    )

    // MARK: What Pods are told

    static let region = BindingField(
        "region",
        Option(
            "pod-region",
            .name("REGION", expecting: "\(ExpectedName.awsRegion)", AWSRegion.init(parsing:)),
            environment: "GTOKENCTL_POD_REGION",
            help: "The AWS region of the Pods"
        )
    )
    static let usesRegionalSTS = BindingField(
        "stsRegionalEndpoints",
        Option(
            "sts-regional-endpoints",
            .truth,
            environment: "GTOKENCTL_STS_REGIONAL_ENDPOINTS",
            help:
                "Whether the Pods use the STS of their region: true or false; the SDK's own choice when not given"
        )
    )
    static let sessionName = BindingField(
        "sessionName",
        Option(
            "session-name",
            .name("NAME", expecting: "\(ExpectedName.roleSessionName)", RoleSessionName.init(parsing:)),
            environment: "GTOKENCTL_SESSION_NAME",
            help: "One session name for all Pods; each Pod's own name when not given"
        )
    )
    static let tokenExpiration = BindingField(
        "tokenExpiration",
        Option(
            "token-expiration",
            .duration(
                .seconds(ClusterToken.expirationSecondsRange.lowerBound)
                    ... .seconds(ClusterToken.expirationSecondsRange.upperBound)
            ),
            environment: "GTOKENCTL_TOKEN_EXPIRATION",
            help:
                "How long the cluster's tokens live, for identity cluster; the webhook's default when not given"
        )
    )
}
