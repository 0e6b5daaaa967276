extension WebhookConfiguration {
    /// Whom a Pod is to AWS, and what happens where that cannot be.
    enum RuleOptions {
        static let annotationPrefix = Option(
            "annotation-prefix",
            .annotationPrefix,
            environment: "GTOKEN_WEBHOOK_ANNOTATION_PREFIX",
            default: standard.annotationPrefix,
            help: "What our annotations on ServiceAccounts start with"
        )
        static let defaultIdentity = Option(
            "default-identity",
            OptionKind<RoleAnnotations.Identity>.choice("IDENTITY"),
            environment: "GTOKEN_WEBHOOK_DEFAULT_IDENTITY",
            default: standard.defaultIdentity.rawValue,
            help: "How Pods are known to AWS whose ServiceAccount does not say: google or cluster"
        )
        static let audience = Option(
            "audience",
            .word("TEXT", expecting: "a text without white space"),
            environment: "GTOKEN_WEBHOOK_AUDIENCE",
            help:
                "The audience of Google's tokens, for ServiceAccounts that name none; gtoken's default when not given"
        )
        static let clusterAudience = Option(
            "cluster-audience",
            .word("TEXT", expecting: "a text without white space"),
            environment: "GTOKEN_WEBHOOK_CLUSTER_AUDIENCE",
            default: standard.clusterAudience,
            help: "The audience of the cluster's tokens, for ServiceAccounts that name none"
        )
        static let tokenExpiration = Option(
            "token-expiration",
            .duration(
                .seconds(ClusterToken.expirationSecondsRange.lowerBound)
                    ... .seconds(ClusterToken.expirationSecondsRange.upperBound)
            ),
            environment: "GTOKEN_WEBHOOK_TOKEN_EXPIRATION",
            default: Duration.seconds(standard.tokenExpirationSeconds).goText,
            help: "How long the cluster's tokens live, for ServiceAccounts that do not say"
        )
        static let allowNodeIdentity = Option(
            "allow-node-identity",
            .flag,
            environment: "GTOKEN_WEBHOOK_ALLOW_NODE_IDENTITY",
            help:
                "Inject Pods that Google knows by their node's account: without an account of their own, or with hostNetwork"
        )
        static let defaultRegion = Option(
            "default-region",
            .name("REGION", expecting: "\(ExpectedName.awsRegion)", AWSRegion.init(parsing:)),
            environment: "GTOKEN_WEBHOOK_DEFAULT_REGION",
            help: "The AWS region, for ServiceAccounts that name none"
        )
        static let onInvalid = Option(
            "on-invalid",
            OptionKind<InjectionConfiguration.OnInvalid>.choice("ACTION"),
            environment: "GTOKEN_WEBHOOK_ON_INVALID",
            default: standard.onInvalid.rawValue,
            help: "A Pod that is opted in but cannot be injected: allow it with a warning, or deny it"
        )

        static let group = CommandSpecification.Group(
            "Rules",
            [
                annotationPrefix.specification, defaultIdentity.specification, audience.specification,
                clusterAudience.specification, tokenExpiration.specification, allowNodeIdentity.specification,
                defaultRegion.specification, onInvalid.specification,
            ]
        )

        private static let standard = InjectionConfiguration()
    }
}
