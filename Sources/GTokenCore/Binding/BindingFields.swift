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

/// A Google service account as an administrator names it.
package enum GoogleAccountReference: Sendable, Equatable {
    /// By its name in the cluster's project.
    case name(String)
    /// By its e-mail, in whatever project.
    case email(GoogleServiceAccountEmail)

    /// Reads a reference; `nil` where it is neither.
    init?(parsing text: String) {
        if text.contains("@") {
            guard let email = try? GoogleServiceAccountEmail(parsing: text) else { return nil }
            self = .email(email)
        } else {
            // IAM API, projects.serviceAccounts.create: accountId.
            guard 6...30 ~= text.utf8.count, let first = text.utf8.first, NameRule.isLowercaseLetter(first),
                text.utf8.last != .minus,
                text.utf8.allSatisfy({ NameRule.isLowercaseAlphanumeric($0) || $0 == .minus })
            else { return nil }
            self = .name(text)
        }
    }

    /// The e-mail.
    ///
    /// - Throws: ``NameError`` where name and project make none.
    func email(in project: GoogleProjectID) throws(NameError) -> GoogleServiceAccountEmail {
        switch self {
        case .email(let email): email
        case .name(let name): try GoogleServiceAccountEmail(name: name, project: project)
        }
    }
}

/// A tag of a role.
package struct RoleTag: Sendable, Equatable {
    /// 1 to 128 characters (IAM API, Tag).
    package let key: String
    /// At most 256 characters.
    package let value: String

    /// Reads `KEY=VALUE`; `nil` where IAM would not take it, or where the key is ours.
    init?(parsing text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        self.init(key: String(text[..<equals]), value: String(text[equals...].dropFirst()))
    }

    /// Makes a tag; `nil` where IAM would not take it, or where the key is ours.
    init?(key: String, value: String) {
        let isPlain: (String) -> Bool = {
            $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        }
        guard 1...128 ~= key.unicodeScalars.count, value.unicodeScalars.count <= 256, isPlain(key),
            isPlain(value),
            !key.lowercased().hasPrefix("aws:"), !key.hasPrefix(OwnershipMark.prefix)
        else { return nil }
        self.key = key
        self.value = value
    }
}

/// How gtokenctl marks what it made, so that it removes nothing else.
package enum OwnershipMark {
    /// What the keys of our tags in AWS begin with.
    package static let prefix = "gtoken/"
    /// The tag of AWS roles and providers.
    package static let tagKey = "gtoken/managed-by"
    /// The label of Kubernetes objects.
    package static let labelKey = "app.kubernetes.io/managed-by"
    /// The value of both, and what the description of a Google service account ends with.
    package static let value = "gtokenctl"
}

extension BindingFields {
    /// The options, under the headings of a usage text.
    package static let groups = [
        CommandSpecification.Group(
            "Cluster and ServiceAccount",
            [
                project.option.specification, clusterName.option.specification,
                clusterLocation.option.specification,
                namespace.option.specification, serviceAccount.option.specification,
            ]
        ),
        CommandSpecification.Group(
            "Identity",
            [
                identity.option.specification, googleServiceAccount.option.specification,
                audience.option.specification, usesIAMCredentials.option.specification,
                allowsKeySource.option.specification,
            ]
        ),
        CommandSpecification.Group(
            "AWS role",
            [
                role.option.specification, policies.option.specification, inlinePolicy.specification,
                maxSessionDuration.option.specification, permissionsBoundary.option.specification,
                tags.option.specification,
            ]
        ),
        CommandSpecification.Group(
            "What Pods are told",
            [
                region.option.specification, usesRegionalSTS.option.specification,
                sessionName.option.specification, tokenExpiration.option.specification,
            ]
        ),
    ]

    /// A policy of the role's own; its document is a file for whoever may read files.
    package static let inlinePolicy = Option(
        "inline-policy",
        OptionKind<NamedFile>(
            "NAME=PATH",
            expecting: "a policy's name, = and a path",
            parse: NamedFile.init(parsing:)
        ),
        environment: "GTOKENCTL_INLINE_POLICIES",
        takesSeveral: true,
        help: "A policy of the role's own, from a file"
    )

    /// The members of a fleet file's objects that options stand for.
    package static let members = [
        project.member, clusterName.member, clusterLocation.member, namespace.member, serviceAccount.member,
        identity.member, googleServiceAccount.member, role.member, policies.member, maxSessionDuration.member,
        permissionsBoundary.member, tags.member, audience.member, usesIAMCredentials.member,
        allowsKeySource.member, region.member, usesRegionalSTS.member, sessionName.member,
        tokenExpiration.member,
    ]
}

/// A name and the file that belongs to it: `NAME=PATH`.
package struct NamedFile: Sendable, Equatable {
    /// What stands before the first `=`.
    package let name: String
    /// What stands after it.
    package let path: String

    /// Reads both; `nil` where one is missing or the name is no policy's.
    init?(parsing text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        let (name, path) = (String(text[..<equals]), String(text[equals...].dropFirst()))
        guard case .name? = try? PolicyReference(parsing: name), !path.isEmpty, !path.utf8.contains(0) else {
            return nil
        }
        self.name = name
        self.path = path
    }
}
