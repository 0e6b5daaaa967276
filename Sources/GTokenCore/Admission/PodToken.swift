/// Where a Pod's token comes from: the volume that it is in, and the containers that fill it, if any.
struct PodToken {
    let volume: TokenVolume
    /// What runs gtoken; `nil` where the kubelet fills the volume.
    let writer: Writer?
    /// What works otherwise than the user may think, each a line.
    let warnings: [String]

    /// The containers that write the token.
    struct Writer {
        var container: TokenContainer
        var form: Form
    }

    /// The shapes that the containers take.
    enum Form {
        /// One init container that goes on beside the others.
        case nativeSidecar
        /// An init container for the first token and an ordinary one for the next.
        case pair
        /// An init container, and no second token.
        case initOnly
    }

    /// The source for a role's identity.
    ///
    /// - Throws: ``Obstacle`` where the identity cannot work in this Pod.
    init(
        _ role: RoleAnnotations,
        _ pod: PodView,
        _ settings: PodSettings,
        _ configuration: InjectionConfiguration,
        _ cluster: ClusterFacts
    ) throws(Obstacle) {
        switch role.identity {
        case .google: try self.init(google: role, pod, settings, configuration, cluster)
        case .cluster: try self.init(cluster: role, configuration, cluster)
        }
    }

    private init(
        cluster role: RoleAnnotations,
        _ configuration: InjectionConfiguration,
        _ cluster: ClusterFacts
    ) throws(Obstacle) {
        let audience = role.audience ?? configuration.clusterAudience
        guard !cluster.isAPIAudience(audience) else {
            throw Obstacle(
                .audienceRefused,
                "tokens for \"\(audience.shownInWarning)\" would be of use at the Kubernetes API"
            )
        }
        let seconds = role.tokenExpirationSeconds ?? configuration.tokenExpirationSeconds
        volume = TokenVolume(
            configuration,
            source: .projected(audience: audience, expirationSeconds: seconds)
        )
        writer = nil
        warnings = []
    }

    private init(
        google role: RoleAnnotations,
        _ pod: PodView,
        _ settings: PodSettings,
        _ configuration: InjectionConfiguration,
        _ cluster: ClusterFacts
    ) throws(Obstacle) {
        var warnings: [String] = []
        if pod.isWindows {
            throw Obstacle(.windows, "identity \"google\" does not work on Windows nodes")
        }
        if let (reason, cause) = Self.nodeIdentity(role, pod) {
            guard configuration.allowsNodeIdentity else {
                throw Obstacle(reason, "it would have its node's identity (\(cause))")
            }
            warnings.append("this Pod has its node's identity (\(cause))")
        }
        guard let image = configuration.image else {
            throw Obstacle(.imageUnset, "the webhook has no token image (--image or GTOKEN_IMAGE)")
        }
        let (form, warning) = Self.form(for: pod, settings.sidecar, configuration.sidecar, cluster)
        if let warning { warnings.append(warning) }
        if role.tokenExpirationSeconds != nil {
            warnings.append("the ServiceAccount's token-expiration is for identity \"cluster\" only")
        }
        volume = TokenVolume(configuration, source: .memory(sizeLimit: configuration.volumeSize))
        var container = TokenContainer(configuration, volume, image: image)
        container.resources = settings.resources
        if let audience = role.audience { container.audience = audience }
        writer = Writer(container: container, form: form)
        self.warnings = warnings
    }

    /// Why Google's metadata server would answer for the node; `nil` where it answers for the Pod.
    private static func nodeIdentity(
        _ role: RoleAnnotations,
        _ pod: PodView
    ) -> (reason: InjectionDecision.Reason, cause: String)? {
        if pod.usesHostNetwork { return (.hostNetwork, "hostNetwork") }
        if role.googleServiceAccount != nil { return nil }
        return (
            .googleServiceAccountMissing,
            "the ServiceAccount has no annotation \(RoleAnnotations.googleServiceAccountKey)"
        )
    }

    private static func form(
        for pod: PodView,
        _ chosen: PodSettings.Sidecar?,
        _ standard: InjectionConfiguration.SidecarForm,
        _ cluster: ClusterFacts
    ) -> (Form, warning: String?) {
        switch (chosen, standard) {
        case (.native, _):
            // Where a node is too old the API server refuses the Pod, because of the startup probe.
            return (.nativeSidecar, nil)
        case (.initOnly, _):
            return (.initOnly, "the AWS role works for one hour in this Pod: it asks for init-only")
        case (nil, .native): return (.nativeSidecar, nil)
        case (nil, .auto) where cluster.supportsNativeSidecars: return (.nativeSidecar, nil)
        case (.container, _), (nil, .container), (nil, .auto):
            if pod.restartsAlways { return (.pair, nil) }
            // An ordinary container would keep a Pod that is meant to end from ending.
            return (
                .initOnly,
                "the AWS role works for one hour in this Pod: only a native sidecar could renew its token and end with it"
            )
        }
    }
}

extension TokenVolume {
    /// The volume that the operator names.
    init(_ configuration: InjectionConfiguration, source: Source) {
        self.init(
            name: configuration.volumeName,
            path: configuration.volumePath,
            file: configuration.tokenFile,
            source: source
        )
    }
}

/// Why an identity cannot work in a Pod.
struct Obstacle: Error, Equatable {
    var reason: InjectionDecision.Reason
    var explanation: String

    init(_ reason: InjectionDecision.Reason, _ explanation: String) {
        self.reason = reason
        self.explanation = explanation
    }
}
