extension InstallConfiguration {
    enum Options {
        static let namespace = Option(
            "namespace",
            .label("a namespace"),
            environment: "GTOKENCTL_WEBHOOK_NAMESPACE",
            help: "The webhook's namespace; where it is installed, else gtoken"
        )
        static let registry = Option(
            "registry",
            .image,
            environment: "GTOKENCTL_REGISTRY",
            help: "The registry of both images, with the path before gtoken and gtoken-webhook"
        )
        static let tag = Option(
            "tag",
            OptionKind<String>("TAG", expecting: "an image's tag, such as v1.0.0") { text in
                let isPlain = text.utf8.allSatisfy {
                    NameRule.isLetter($0) || $0.isDigit || "._-".utf8.contains($0)
                }
                return isPlain && 1...128 ~= text.utf8.count ? text : nil
            },
            environment: "GTOKENCTL_TAG",
            help: "The tag of both images in the registry; this tool's version when not given"
        )
        static let webhookImage = Option(
            "webhook-image",
            .image,
            environment: "GTOKENCTL_WEBHOOK_IMAGE",
            help: "The webhook's image, in place of the registry's"
        )
        static let tokenImage = Option(
            "token-image",
            .image,
            environment: "GTOKEN_IMAGE",
            help: "The image of gtoken that Pods get, in place of the registry's"
        )
        static let replicas = Option(
            "replicas",
            OptionKind<Int>("NUMBER", expecting: "a number from 1 to 100") { text in
                Int(text).flatMap { 1...100 ~= $0 ? $0 : nil }
            },
            environment: "GTOKENCTL_REPLICAS",
            help: "How many replicas; as installed, else 2"
        )
        static let failurePolicy = Option(
            "failure-policy",
            OptionKind<FailurePolicy>.choice("POLICY"),
            environment: "GTOKENCTL_FAILURE_POLICY",
            help: """
                What API servers do with Pods while the webhook is away, outside namespaces that require it: Ignore or Fail; as \
                installed, else Ignore
                """
        )
        static let certificates = Option(
            "certificates",
            OptionKind<Certificates>.choice("SOURCE"),
            environment: "GTOKENCTL_CERTIFICATES",
            help: """
                Where the certificate comes from: self-managed, cert-manager, or static-certs, which is gtokenctl certs; as \
                installed, else self-managed
                """
        )
        static let defaultIdentity = Option(
            "default-identity",
            OptionKind<RoleAnnotations.Identity>.choice("IDENTITY"),
            environment: "GTOKENCTL_DEFAULT_IDENTITY",
            help: "How Pods are known to AWS whose ServiceAccount does not say: google or cluster"
        )
        static let defaultRegion = Option(
            "default-region",
            .name("REGION", expecting: "\(ExpectedName.awsRegion)", AWSRegion.init(parsing:)),
            environment: "GTOKENCTL_DEFAULT_REGION",
            help: "The AWS region, for ServiceAccounts that name none"
        )
        static let annotationPrefix = Option(
            "annotation-prefix",
            .annotationPrefix,
            environment: "GTOKENCTL_ANNOTATION_PREFIX",
            help: "What our annotations on ServiceAccounts start with"
        )
        static let onInvalid = Option(
            "on-invalid",
            OptionKind<InjectionConfiguration.OnInvalid>.choice("ACTION"),
            environment: "GTOKENCTL_ON_INVALID",
            help: "A Pod that is opted in but cannot be injected: allow it with a warning, or deny it"
        )
        static let monitoring = Option(
            "monitoring",
            .flag,
            environment: "GTOKENCTL_MONITORING",
            help: "Apply the objects of the Prometheus Operator, too, which has to be there"
        )
        static let timeout = Option(
            "timeout",
            .duration(.seconds(1) ... .seconds(3600)),
            environment: "GTOKENCTL_TIMEOUT",
            default: "5m",
            help: "How long to wait until everything works"
        )
        static let dryRun = Option(
            "dry-run",
            .flag,
            environment: "GTOKENCTL_DRY_RUN",
            help: "Show what would change, and change nothing"
        )
    }
}
