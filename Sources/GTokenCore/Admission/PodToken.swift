/// Where a Pod's token comes from: the volume that it is in, and the containers that fill it, if any.
struct PodToken {
    let volume: TokenVolume
    /// What runs gtoken; `nil` where the kubelet fills the volume.
    let writer: Writer?
    /// What works otherwise than the user may think, each a line.
    let warnings: [String]

    /// The containers that write the token.
    struct Writer {
        var containers: TokenContainers
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
        _ role: PreparedRole,
        _ pod: borrowing PodView,
        _ settings: borrowing PodSettings,
        _ pieces: RenderedPieces,
        _ cluster: ClusterFacts
    ) throws(Obstacle) {
        switch role.volume.source {
        case .memory: try self.init(google: role, pod, settings, pieces, cluster)
        case .projected(let audience, _): try self.init(cluster: role, audience: audience, cluster)
        }
    }

    private init(
        cluster role: PreparedRole,
        audience: String,
        _ cluster: ClusterFacts
    ) throws(Obstacle) {
        guard !cluster.isAPIAudience(audience) else {
            throw Obstacle(
                .audienceRefused,
                "tokens for \"\(audience.shownInWarning)\" would be of use at the Kubernetes API"
            )
        }
        volume = role.volume
        writer = nil
        warnings = []
    }

    private init(
        google role: PreparedRole,
        _ pod: borrowing PodView,
        _ settings: borrowing PodSettings,
        _ pieces: RenderedPieces,
        _ cluster: ClusterFacts
    ) throws(Obstacle) {
        var warnings: [String] = []
        if pod.isWindows {
            throw Obstacle(.windows, "identity \"google\" does not work on Windows nodes")
        }
        if let (reason, cause) = Self.nodeIdentity(role, pod) {
            guard pieces.configuration.allowsNodeIdentity else {
                throw Obstacle(reason, "it would have its node's identity (\(cause))")
            }
            warnings.append(WarningText.line("this Pod has its node's identity (\(cause))"))
        }
        guard let standard = role.containers else {
            throw Obstacle(.imageUnset, "the webhook has no token image (--image or GTOKEN_IMAGE)")
        }
        let (form, warning) = Self.form(for: pod, settings.sidecar, pieces.configuration.sidecar, cluster)
        if let warning { warnings.append(WarningText.line(warning)) }
        if role.annotations.tokenExpirationSeconds != nil {
            warnings.append(
                WarningText.line("the ServiceAccount's token-expiration is for identity \"cluster\" only")
            )
        }
        volume = role.volume
        let ownSize = settings.resources.flatMap { role.containers(of: $0, pieces) }
        writer = Writer(containers: ownSize ?? standard, form: form)
        self.warnings = warnings
    }

    /// Why Google's metadata server would answer for the node; `nil` where it answers for the Pod.
    private static func nodeIdentity(
        _ role: PreparedRole,
        _ pod: borrowing PodView
    ) -> (reason: InjectionDecision.Reason, cause: String)? {
        if pod.usesHostNetwork { return (.hostNetwork, "hostNetwork") }
        if role.hasGoogleServiceAccount { return nil }
        return (
            .googleServiceAccountMissing,
            "the ServiceAccount has no annotation \(RoleAnnotations.googleServiceAccountKey)"
        )
    }

    private static func form(
        for pod: borrowing PodView,
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

/// Why an identity cannot work in a Pod.
struct Obstacle: Error, Equatable {
    var reason: InjectionDecision.Reason
    var explanation: String

    init(_ reason: InjectionDecision.Reason, _ explanation: String) {
        self.reason = reason
        self.explanation = explanation
    }
}
