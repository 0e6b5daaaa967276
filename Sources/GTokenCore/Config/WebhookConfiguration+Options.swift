extension WebhookConfiguration {
    enum Options {
        static let listenAddress = Option(
            "listen-address",
            .listenAddress,
            environment: "GTOKEN_WEBHOOK_LISTEN_ADDRESS",
            default: ListenAddress.standard.description,
            help: "Where Pods are reviewed"
        )
        static let telemetryListenAddress = Option(
            "telemetry-listen-address",
            .listenAddress,
            environment: "GTOKEN_WEBHOOK_TELEMETRY_LISTEN_ADDRESS",
            help: "Where metrics are served, over plain HTTP; the listen address when not given"
        )
        static let certificateFile = Option(
            "tls-cert-file",
            .path,
            environment: "GTOKEN_WEBHOOK_TLS_CERT_FILE",
            help: "The serving certificate and its chain, PEM; plain HTTP when not given"
        )
        static let privateKeyFile = Option(
            "tls-private-key-file",
            .path,
            environment: "GTOKEN_WEBHOOK_TLS_PRIVATE_KEY_FILE",
            help: "The certificate's private key, PEM"
        )
        static let clientCAFile = Option(
            "client-ca-file",
            .path,
            environment: "GTOKEN_WEBHOOK_CLIENT_CA_FILE",
            help: "Answer reviews only to callers with a certificate that chains to one of these, PEM"
        )
        static let minimumTLSVersion = Option(
            "tls-min-version",
            .minimumTLSVersion,
            environment: "GTOKEN_WEBHOOK_TLS_MIN_VERSION",
            default: MinimumTLSVersion.v1_2.rawValue,
            help: "The oldest TLS version to speak: 1.2 or 1.3"
        )
        static let kubernetesAPI = Option(
            "kube-api",
            .plainHTTPURL,
            environment: "GTOKEN_WEBHOOK_KUBE_API",
            help: "The Kubernetes API's plain URL, as of kubectl proxy; for development"
        )

        static let shutdownDelay = Option(
            "shutdown-delay",
            .duration(.zero ... .seconds(600)),
            environment: "GTOKEN_WEBHOOK_SHUTDOWN_DELAY",
            default: WebhookConfiguration.standardShutdownDelay.goText,
            help: "How long to go on answering after SIGTERM, while the Service's endpoints change"
        )

        static let image = Option(
            "image",
            .image,
            environment: "GTOKEN_IMAGE",
            help: "The image of gtoken; nothing is injected while none is given"
        )
        static let pullPolicy = Option(
            "pull-policy",
            OptionKind<PullPolicy>.choice("POLICY"),
            environment: "GTOKEN_WEBHOOK_PULL_POLICY",
            default: PullPolicy.ifNotPresent.rawValue,
            help: "When the image is pulled: Always, IfNotPresent or Never"
        )
        static let sidecar = Option(
            "sidecar",
            OptionKind<InjectionConfiguration.SidecarForm>.choice("FORM"),
            environment: "GTOKEN_WEBHOOK_SIDECAR",
            default: standard.sidecar.rawValue,
            help:
                "How the token is kept fresh: native (a native sidecar), container, or auto (by the cluster)"
        )
        static let cpu = Option(
            "cpu",
            .quantity(atLeast: 0.001, such: "50m"),
            environment: "GTOKEN_WEBHOOK_CPU",
            default: standard.resources.cpu.description,
            help: "CPU of an injected container, request and limit"
        )
        static let minCPU = Option(
            "min-cpu",
            .quantity(atLeast: 0.001, such: "10m"),
            environment: "GTOKEN_WEBHOOK_MIN_CPU",
            default: standard.cpuBounds.minimum.description,
            help: "The least CPU that a Pod may ask for with the annotation admission.gtoken/cpu"
        )
        static let maxCPU = Option(
            "max-cpu",
            .quantity(atLeast: 0.001, such: "500m"),
            environment: "GTOKEN_WEBHOOK_MAX_CPU",
            default: standard.cpuBounds.maximum.description,
            help: "The most CPU that a Pod may ask for"
        )
        static let memory = Option(
            "memory",
            .quantity(atLeast: 0x1p20, such: "32Mi"),
            environment: "GTOKEN_WEBHOOK_MEMORY",
            default: standard.resources.memory.description,
            help: "Memory of an injected container, request and limit"
        )
        static let minMemory = Option(
            "min-memory",
            .quantity(atLeast: 0x1p20, such: "16Mi"),
            environment: "GTOKEN_WEBHOOK_MIN_MEMORY",
            default: standard.memoryBounds.minimum.description,
            help: "The least memory that a Pod may ask for with the annotation admission.gtoken/memory"
        )
        static let maxMemory = Option(
            "max-memory",
            .quantity(atLeast: 0x1p20, such: "256Mi"),
            environment: "GTOKEN_WEBHOOK_MAX_MEMORY",
            default: standard.memoryBounds.maximum.description,
            help: "The most memory that a Pod may ask for"
        )

        static let volumeName = Option(
            "volume-name",
            .volumeName,
            environment: "GTOKEN_WEBHOOK_VOLUME_NAME",
            default: standard.volumeName,
            help: "The name of the injected volume"
        )
        static let volumePath = Option(
            "volume-path",
            .mountPath,
            environment: "GTOKEN_WEBHOOK_VOLUME_PATH",
            default: standard.volumePath,
            help: "Where the volume is mounted"
        )
        static let tokenFile = Option(
            "token-file",
            .fileName,
            environment: "GTOKEN_WEBHOOK_TOKEN_FILE",
            default: standard.tokenFile,
            help: "The token file's name in the volume"
        )
        static let volumeSize = Option(
            "volume-size",
            .quantity(atLeast: 0x1p16, such: "1Mi"),
            environment: "GTOKEN_WEBHOOK_VOLUME_SIZE",
            default: standard.volumeSize,
            help: "The volume's size limit, counted as memory"
        )

        static let audience = Option(
            "audience",
            .word("TEXT", expecting: "a text without white space"),
            environment: "GTOKEN_WEBHOOK_AUDIENCE",
            help:
                "The audience of Google's tokens, for ServiceAccounts that name none; gtoken's default when not given"
        )
        static let defaultIdentity = Option(
            "default-identity",
            OptionKind<RoleAnnotations.Identity>.choice("IDENTITY"),
            environment: "GTOKEN_WEBHOOK_DEFAULT_IDENTITY",
            default: standard.defaultIdentity.rawValue,
            help: "How Pods are known to AWS whose ServiceAccount does not say: google or cluster"
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
        static let annotationPrefix = Option(
            "annotation-prefix",
            .annotationPrefix,
            environment: "GTOKEN_WEBHOOK_ANNOTATION_PREFIX",
            default: standard.annotationPrefix,
            help: "What our annotations on ServiceAccounts start with"
        )
        static let onInvalid = Option(
            "on-invalid",
            OptionKind<InjectionConfiguration.OnInvalid>.choice("ACTION"),
            environment: "GTOKEN_WEBHOOK_ON_INVALID",
            default: standard.onInvalid.rawValue,
            help: "A Pod that is opted in but cannot be injected: allow it with a warning, or deny it"
        )

        private static let standard = InjectionConfiguration()
    }

    /// When the kubelet pulls an image, in Kubernetes's words.
    enum PullPolicy: String, CaseIterable {
        case always = "Always"
        case ifNotPresent = "IfNotPresent"
        case never = "Never"
    }

    init(_ settings: Settings, version: String) throws(ConfigurationError) {
        listenAddress = try settings.required(Options.listenAddress)
        telemetryListenAddress = try settings.value(Options.telemetryListenAddress)
        switch (try settings.value(Options.certificateFile), try settings.value(Options.privateKeyFile)) {
        case (let certificate?, let key?): tls = TLSFiles(certificate: certificate, privateKey: key)
        case (nil, nil): tls = nil
        case (_?, nil): throw .incomplete(option: "--tls-cert-file", needs: "--tls-private-key-file")
        case (nil, _?): throw .incomplete(option: "--tls-private-key-file", needs: "--tls-cert-file")
        }
        clientCAFile = try settings.value(Options.clientCAFile)
        guard clientCAFile == nil || tls != nil else {
            throw .incomplete(option: "--client-ca-file", needs: "--tls-cert-file")
        }
        minimumTLSVersion = try settings.required(Options.minimumTLSVersion)
        kubernetesAPI = try settings.value(Options.kubernetesAPI)
        shutdownDelay = try settings.required(Options.shutdownDelay)
        log = try LogForm(settings)
        injection = InjectionConfiguration(image: try settings.value(Options.image), version: version)
        injection.imagePullPolicy = try settings.required(Options.pullPolicy).rawValue
        injection.sidecar = try settings.required(Options.sidecar)
        injection.resources = ContainerResources(
            cpu: try settings.required(Options.cpu),
            memory: try settings.required(Options.memory)
        )
        injection.cpuBounds = try Self.bounds(Options.minCPU, Options.maxCPU, settings)
        injection.memoryBounds = try Self.bounds(Options.minMemory, Options.maxMemory, settings)
        injection.volumeName = try settings.required(Options.volumeName)
        injection.volumePath = try settings.required(Options.volumePath)
        injection.volumeSize = try settings.required(Options.volumeSize).description
        injection.tokenFile = try settings.required(Options.tokenFile)
        injection.defaultIdentity = try settings.required(Options.defaultIdentity)
        injection.audience = try settings.value(Options.audience)
        injection.clusterAudience = try settings.required(Options.clusterAudience)
        injection.tokenExpirationSeconds = Int(
            try settings.required(Options.tokenExpiration).components.seconds
        )
        injection.allowsNodeIdentity = try settings.flag(Options.allowNodeIdentity)
        injection.defaultRegion = try settings.value(Options.defaultRegion)
        injection.annotationPrefix = try settings.required(Options.annotationPrefix)
        injection.onInvalid = try settings.required(Options.onInvalid)
    }

    private static func bounds(
        _ least: Option<ResourceQuantity>,
        _ most: Option<ResourceQuantity>,
        _ settings: Settings
    ) throws(ConfigurationError) -> ResourceBounds {
        let bounds = ResourceBounds(try settings.required(least), try settings.required(most))
        guard bounds.minimum.amount <= bounds.maximum.amount else {
            throw .contradiction(
                option: "--\(least.specification.name)",
                value: bounds.minimum.description,
                other: "--\(most.specification.name)",
                otherValue: bounds.maximum.description
            )
        }
        return bounds
    }
}
