/// The rules by which a Pod gets its AWS role: a pure function of the Pod, its ServiceAccount's annotations,
/// the cluster and the operator's configuration.
public struct InjectionRules: Sendable {
    /// What the operator decided.
    public var configuration: InjectionConfiguration { parts.configuration }
    /// What is known of the cluster.
    public var cluster: ClusterFacts { parts.cluster }

    /// What all copies of the rules share: one is made for each admission.
    private final class Parts: Sendable {
        let configuration: InjectionConfiguration
        let cluster: ClusterFacts
        let pieces: RenderedPieces

        init(_ configuration: InjectionConfiguration, _ cluster: ClusterFacts) {
            self.configuration = configuration
            self.cluster = cluster
            pieces = RenderedPieces(configuration)
        }
    }

    private let parts: Parts

    /// Rules for one cluster and configuration.
    public init(configuration: InjectionConfiguration, cluster: ClusterFacts) {
        parts = Parts(configuration, cluster)
    }

    /// The name of the Pod's ServiceAccount; `default` where the Pod names none.
    ///
    /// - Throws: ``JSONError/duplicateMember(_:)`` where it is written twice, and readers could differ.
    public static func serviceAccountName(of pod: JSONValue) throws(JSONError) -> String {
        let spec = try pod.uniqueMember("spec")
        guard let name = try spec?.uniqueMember("serviceAccountName")?.string(), !name.isEmpty else {
            return "default"
        }
        return name
    }

    /// Why a Pod is left as it is, whatever its ServiceAccount says; `nil` for most Pods.
    ///
    /// For the caller who has to ask somebody for the ServiceAccount: ``decide(pod:annotations:)`` says the same.
    public static func exemption(of pod: JSONValue) -> InjectionDecision.Reason? {
        PodSettings.exemption(of: pod)
    }

    /// Decides about a Pod that is being created.
    ///
    /// - Parameters:
    ///   - pod: the Pod as the API server sent it.
    ///   - annotations: the annotations of the Pod's ServiceAccount.
    /// - Returns: the decision, with the fewest `add` operations that carry it out, so that everything else of
    ///   the Pod survives byte for byte; a second call for the patched Pod adds nothing.
    public func decide(pod: JSONValue, annotations: [String: String]) -> InjectionOutcome {
        decide(pod: pod, account: ServiceAccountRole(annotations, configuration))
    }

    /// Decides about a Pod whose ServiceAccount has been read before; the same as ``decide(pod:annotations:)``.
    public func decide(pod: JSONValue, account: ServiceAccountRole) -> InjectionOutcome {
        decide(NewPod(pod), account: account)
    }

    /// Decides about a Pod that has been read, too.
    package func decide(_ pod: NewPod, account: ServiceAccountRole) -> InjectionOutcome {
        if let reason = pod.exemption { return .left(reason) }
        let role: RoleAnnotations
        switch account {
        case .notOptedIn: return .left(.notOptedIn)
        case .invalid(let annotation): return .refused(.invalidAnnotation, "\(annotation)")
        case .role(let asked): role = asked
        }
        guard let view = pod.view else { return .left(.malformedPod) }
        guard !view.containers.isEmpty else { return .left(.noContainers) }
        guard !view.hasTooManyContainers else {
            return .refused(.tooManyContainers, "it has more than \(PodView.maxContainers) containers")
        }
        let (bytes, list) = (pod.storage.bytes, pod.storage.containers)
        return inject(into: view, bytes.span, list.span, role)
    }

    private func inject(
        into pod: PodView,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>,
        _ role: RoleAnnotations
    ) -> InjectionOutcome {
        let settings = PodSettings(pod, bytes, list, parts.configuration)
        let token: PodToken
        do throws(Obstacle) {
            token = try PodToken(role, pod, settings, parts.configuration, parts.cluster)
        } catch {
            return .refused(error.reason, error.explanation)
        }
        let environment = InjectedEnvironment(
            role,
            tokenPath: pod.isWindows ? token.volume.windowsTokenPath : parts.pieces.tokenPath,
            region: role.region ?? parts.configuration.defaultRegion,
            podName: pod.nameUnfitForSession(bytes)
        )
        var patch = PodPatch(pod, token, environment, skipping: settings.skippedContainers, parts.pieces)
        do throws(Collision) {
            guard try patch.inject(environment, bytes, list) else { return .left(.allContainersSkipped) }
        } catch {
            return .refused(.collision, "\(error)")
        }
        let warnings = WarningText.lines(token.warnings + settings.warnings + patch.warnings)
        guard !patch.isEmpty else {
            return InjectionOutcome(decision: .alreadyInjected, patch: JSONPatch(), warnings: warnings)
        }
        patch.noteStatus()
        return InjectionOutcome(decision: .injected, patch: patch.patch, warnings: warnings)
    }
}
