/// How `gtokenctl install` and `gtokenctl upgrade` set the webhook up.
///
/// What is `nil` is as it is installed, and where nothing is installed as `deployment/` has it.
package struct InstallConfiguration: Sendable, Equatable {
    /// The webhook's namespace in `deployment/`.
    package static let standardNamespace = "gtoken"

    /// Where the webhook's certificate comes from; the raw values are the overlays of `deployment/`.
    package enum Certificates: String, Sendable, CaseIterable {
        /// The webhook makes and renews it.
        case selfManaged = "self-managed"
        /// cert-manager does, which has to be there.
        case certManager = "cert-manager"
        /// `gtokenctl certs` does.
        case staticFiles = "static-certs"
    }

    /// What an API server does with a Pod that the webhook does not answer for.
    package enum FailurePolicy: String, Sendable, CaseIterable {
        /// It admits the Pod, without a role.
        case ignore = "Ignore"
        /// It refuses the Pod.
        case fail = "Fail"
    }

    /// The namespace of the webhook.
    package var namespace: String?
    /// The registry of both images, with the path before their names.
    package var registry: String?
    /// The tag of both images in the registry.
    package var tag: String?
    /// The webhook's image.
    package var webhookImage: String?
    /// The image that it injects.
    package var tokenImage: String?
    /// How many replicas.
    package var replicas: Int?
    /// What happens to Pods outside namespaces that require the webhook.
    package var failurePolicy: FailurePolicy?
    /// Where the certificate comes from.
    package var certificates: Certificates?
    /// The webhook's own settings that were given: its environment variables and their values.
    package var environment: [String: String]
    /// Whether the objects of the Prometheus Operator are applied, too.
    package var hasMonitoring: Bool
    /// How long it is waited until everything works.
    package var timeout: Duration
    /// Whether it is only shown what would be done.
    package var isDryRun: Bool
    /// As whom, and where.
    package var access: AccessConfiguration
    /// The form of the result.
    package var output: OutputForm
}

extension InstallConfiguration {
    init(_ settings: Settings) throws(ConfigurationError) {
        namespace = try settings.value(Options.namespace)
        registry = try settings.value(Options.registry)
        tag = try settings.value(Options.tag)
        webhookImage = try settings.value(Options.webhookImage)
        tokenImage = try settings.value(Options.tokenImage)
        replicas = try settings.value(Options.replicas)
        failurePolicy = try settings.value(Options.failurePolicy)
        certificates = try settings.value(Options.certificates)
        var environment: [String: String] = [:]
        if let identity = try settings.value(Options.defaultIdentity) {
            environment["GTOKEN_WEBHOOK_DEFAULT_IDENTITY"] = identity.rawValue
        }
        if let region = try settings.value(Options.defaultRegion) {
            environment["GTOKEN_WEBHOOK_DEFAULT_REGION"] = "\(region)"
        }
        if let action = try settings.value(Options.onInvalid) {
            environment["GTOKEN_WEBHOOK_ON_INVALID"] = action.rawValue
        }
        if let prefix = try settings.value(Options.annotationPrefix) {
            environment["GTOKEN_WEBHOOK_ANNOTATION_PREFIX"] = prefix
        }
        self.environment = environment
        hasMonitoring = try settings.flag(Options.monitoring)
        timeout = try settings.required(Options.timeout)
        isDryRun = try settings.flag(Options.dryRun)
        access = try AccessConfiguration(settings)
        output = try settings.required(SetupConfiguration.Options.output)
    }

    private static let shared = CommandSpecification.Group(
        "Webhook",
        [
            Options.namespace.specification, Options.registry.specification, Options.tag.specification,
            Options.webhookImage.specification, Options.tokenImage.specification,
            Options.certificates.specification, Options.replicas.specification,
            Options.failurePolicy.specification, Options.defaultIdentity.specification,
            Options.defaultRegion.specification, Options.annotationPrefix.specification,
            Options.onInvalid.specification, Options.monitoring.specification,
        ]
    )
    static let work = CommandSpecification.Group(
        "Work",
        [
            Options.dryRun.specification, Options.timeout.specification,
            SetupConfiguration.Options.output.specification,
        ]
    )

    /// `gtokenctl install`.
    static let specification = CommandSpecification(
        "install",
        summary: "Install the webhook in a cluster, and wait until it works",
        discussion: """
            Applies the objects of deployment/, which gtokenctl carries in it, on the server's side, waits for the replicas, \
            caBundle and the certificate, and proves that API servers trust what the Service serves. It can be stopped at any \
            point and run again; what is not given stays as it is installed. --dry-run shows what would change, and exits with 2 \
            when anything would.
            """,
        groups: [shared, work, AccessConfiguration.Options.kubernetesGroup],
        examples: [
            .init(
                "With both images from one registry",
                "gtokenctl install --registry=europe-docker.pkg.dev/my-project/gtoken --tag=v1.0.0"
            ),
            .init(
                "What would be done",
                "gtokenctl install --registry=europe-docker.pkg.dev/my-project/gtoken --tag=v1.0.0 --dry-run"
            ),
        ]
    )
}
