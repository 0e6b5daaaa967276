extension WebhookConfiguration {
    init(_ settings: Settings, version: String) throws(ConfigurationError) {
        listenAddress = try settings.required(ServerOptions.listenAddress)
        telemetryListenAddress = try settings.value(ServerOptions.telemetryListenAddress)
        certificates = try Self.certificates(settings)
        registration = WebhookRegistration()
        registration.serviceName = try settings.required(CertificateOptions.serviceName)
        registration.namespace = try settings.value(CertificateOptions.namespace)
        registration.configuration = try settings.required(CertificateOptions.webhookConfiguration)
        clientCAFile = try settings.value(CertificateOptions.clientCAFile)
        guard clientCAFile == nil || certificates != .none else {
            throw .incomplete(option: "--client-ca-file", needs: "--tls-cert-file")
        }
        minimumTLSVersion = try settings.required(CertificateOptions.minimumTLSVersion)
        kubernetesAPI = try settings.value(ServerOptions.kubernetesAPI)
        shutdownDelay = try settings.required(ServerOptions.shutdownDelay)
        log = try LogForm(settings)
        injection = InjectionConfiguration(
            image: try settings.value(ContainerOptions.image),
            version: version
        )
        injection.imagePullPolicy = try settings.required(ContainerOptions.pullPolicy).rawValue
        injection.sidecar = try settings.required(ContainerOptions.sidecar)
        injection.resources = ContainerResources(
            cpu: try settings.required(ContainerOptions.cpu),
            memory: try settings.required(ContainerOptions.memory)
        )
        injection.cpuBounds = try Self.bounds(ContainerOptions.minCPU, ContainerOptions.maxCPU, settings)
        injection.memoryBounds = try Self.bounds(
            ContainerOptions.minMemory,
            ContainerOptions.maxMemory,
            settings
        )
        injection.volumeName = try settings.required(VolumeOptions.volumeName)
        injection.volumePath = try settings.required(VolumeOptions.volumePath)
        injection.volumeSize = try settings.required(VolumeOptions.volumeSize).description
        injection.tokenFile = try settings.required(VolumeOptions.tokenFile)
        injection.defaultIdentity = try settings.required(RuleOptions.defaultIdentity)
        injection.audience = try settings.value(RuleOptions.audience)
        injection.clusterAudience = try settings.required(RuleOptions.clusterAudience)
        injection.tokenExpirationSeconds = Int(
            try settings.required(RuleOptions.tokenExpiration).components.seconds
        )
        injection.allowsNodeIdentity = try settings.flag(RuleOptions.allowNodeIdentity)
        injection.defaultRegion = try settings.value(RuleOptions.defaultRegion)
        injection.annotationPrefix = try settings.required(RuleOptions.annotationPrefix)
        injection.onInvalid = try settings.required(RuleOptions.onInvalid)
    }

    private static func certificates(_ settings: Settings) throws(ConfigurationError) -> WebhookCertificates {
        let isSelfManaged = try settings.flag(CertificateOptions.selfManaged)
        let secret = try settings.required(CertificateOptions.authoritySecret)
        switch (
            try settings.value(CertificateOptions.certificateFile),
            try settings.value(CertificateOptions.privateKeyFile)
        ) {
        case (nil, nil): return isSelfManaged ? .selfManaged(secret: secret) : .none
        case (_?, _) where isSelfManaged:
            throw .exclusive(option: "--tls-self-managed", other: "--tls-cert-file")
        case (nil, _?) where isSelfManaged:
            throw .exclusive(option: "--tls-self-managed", other: "--tls-private-key-file")
        case (let certificate?, let key?): return .files(TLSFiles(certificate: certificate, privateKey: key))
        case (_?, nil): throw .incomplete(option: "--tls-cert-file", needs: "--tls-private-key-file")
        case (nil, _?): throw .incomplete(option: "--tls-private-key-file", needs: "--tls-cert-file")
        }
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
