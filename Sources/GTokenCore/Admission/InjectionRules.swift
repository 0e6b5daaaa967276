/// The rules by which a Pod gets its AWS role: a pure function of the Pod, its ServiceAccount's annotations,
/// the cluster and the operator's configuration.
public struct InjectionRules: Sendable {
    /// What the operator decided.
    public var configuration: InjectionConfiguration { pieces.configuration }
    /// What is known of the cluster.
    public let cluster: ClusterFacts

    private let pieces: RenderedPieces

    /// Rules for one cluster and configuration.
    public init(configuration: InjectionConfiguration, cluster: ClusterFacts) {
        self.cluster = cluster
        pieces = RenderedPieces(configuration)
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
        decide(pod: pod, account: ServiceAccountRole(annotations, pieces.configuration))
    }

    /// Decides about a Pod whose ServiceAccount has been read before; the same as ``decide(pod:annotations:)``.
    public func decide(pod: JSONValue, account: ServiceAccountRole) -> InjectionOutcome {
        decide(NewPod(pod), account: prepare(account))
    }

    /// Works out what is the same for each Pod of a ServiceAccount, for ``decide(_:account:)``.
    package func prepare(_ account: ServiceAccountRole) -> PreparedAccount {
        PreparedAccount(account, pieces)
    }

    /// Decides about a Pod that has been read, whose ServiceAccount these rules have prepared, or others of the same
    /// configuration.
    package func decide(_ pod: borrowing NewPod, account: PreparedAccount) -> InjectionOutcome {
        if let reason = pod.exemption { return .left(reason) }
        let role: PreparedRole
        switch account {
        case .left(let outcome): return outcome
        case .role(let prepared): role = prepared
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
        into pod: borrowing PodView,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>,
        _ role: PreparedRole
    ) -> InjectionOutcome {
        let settings = PodSettings(pod, bytes, list, pieces)
        let token: PodToken
        do throws(Obstacle) {
            token = try PodToken(role, pod, settings, pieces, cluster)
        } catch {
            return .refused(error.reason, error.explanation)
        }
        var patch = PodPatch(
            for: pod,
            token,
            role.environment(for: pod, bytes),
            skipping: settings.skippedContainers,
            pieces
        )
        do throws(Collision) {
            guard try patch.inject(into: pod, bytes, list) else { return .left(.allContainersSkipped) }
        } catch {
            return .refused(.collision, "\(error)")
        }
        let warnings = WarningText.passedOn(token.warnings + settings.warnings + patch.warnings)
        guard !patch.isEmpty else {
            return InjectionOutcome(decision: .alreadyInjected, patch: JSONPatch(), warnings: warnings)
        }
        patch.noteStatus(on: pod)
        return InjectionOutcome(decision: .injected, patch: patch.takePatch(), warnings: warnings)
    }
}
