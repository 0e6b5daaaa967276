/// A ServiceAccount as the rules take it: read once, with all that is the same for each of its Pods written.
package enum PreparedAccount: Sendable {
    /// Its Pods stay as they are.
    case left(InjectionOutcome)
    /// Its Pods get a role.
    case role(PreparedRole)

    init(_ account: ServiceAccountRole, _ pieces: RenderedPieces) {
        self =
            switch account {
            case .notOptedIn: .left(.left(.notOptedIn))
            case .invalid(let annotation): .left(.refused(.invalidAnnotation, "\(annotation)"))
            case .role(let role): .role(PreparedRole(role, pieces))
            }
    }
}

/// A role with what its Pods get, written once.
package final class PreparedRole: Sendable {
    /// What the ServiceAccount asks for.
    package let annotations: RoleAnnotations
    let volume: TokenVolume
    /// What writes the token, unless the Pod asks for other resources; `nil` for identity `cluster`, and while no image is
    /// configured.
    let containers: TokenContainers?
    /// Whether it is bound to a Google service account.
    let hasGoogleServiceAccount: Bool
    /// The region of its Pods.
    private let region: AWSRegion?
    private let environment: InjectedEnvironment

    init(_ annotations: RoleAnnotations, _ pieces: RenderedPieces) {
        let configuration = pieces.configuration
        self.annotations = annotations
        hasGoogleServiceAccount = annotations.googleServiceAccount != nil
        switch annotations.identity {
        case .google:
            volume = pieces.volume
            containers =
                annotations.audience == nil
                ? pieces.containers : Self.containers(annotations, configuration.resources, pieces)
        case .cluster:
            let source = TokenVolume.Source.projected(
                audience: annotations.audience ?? configuration.clusterAudience,
                expirationSeconds: annotations.tokenExpirationSeconds ?? configuration.tokenExpirationSeconds
            )
            volume = TokenVolume(configuration, source: source)
            containers = nil
        }
        region = annotations.region ?? configuration.defaultRegion
        environment = InjectedEnvironment(
            annotations,
            tokenPath: volume.tokenPath,
            region: region,
            podName: nil
        )
    }

    /// What writes the token in a Pod that asks for these resources.
    func containers(of resources: ContainerResources, _ pieces: RenderedPieces) -> TokenContainers? {
        Self.containers(annotations, resources, pieces)
    }

    private static func containers(
        _ annotations: RoleAnnotations,
        _ resources: ContainerResources,
        _ pieces: RenderedPieces
    ) -> TokenContainers? {
        let audience = annotations.audience ?? pieces.configuration.audience
        return TokenContainers(pieces.configuration, pieces.volume, audience: audience, resources)
    }

    /// The variables for a Pod: the same for all but those with a name that is no session's, and those of Windows.
    func environment(for pod: borrowing PodView, _ bytes: Span<UInt8>) -> InjectedEnvironment {
        let name = pod.nameUnfitForSession(bytes)
        guard pod.isWindows || name != nil else { return environment }
        return InjectedEnvironment(
            annotations,
            tokenPath: pod.isWindows ? volume.windowsTokenPath : volume.tokenPath,
            region: region,
            podName: name
        )
    }
}
