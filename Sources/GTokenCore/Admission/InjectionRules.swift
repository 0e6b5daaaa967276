/// The rules by which a Pod gets its AWS role: a pure function of the Pod, its ServiceAccount's annotations,
/// the cluster and the operator's configuration.
public struct InjectionRules: Sendable {
    /// What the operator decided.
    public let configuration: InjectionConfiguration
    /// What is known of the cluster.
    public let cluster: ClusterFacts

    /// Rules for one cluster and configuration.
    public init(configuration: InjectionConfiguration, cluster: ClusterFacts) {
        self.configuration = configuration
        self.cluster = cluster
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

    /// Decides about a Pod that is being created.
    ///
    /// - Parameters:
    ///   - pod: the Pod as the API server sent it.
    ///   - annotations: the annotations of the Pod's ServiceAccount.
    /// - Returns: the decision, with the fewest `add` operations that carry it out, so that everything else of
    ///   the Pod survives byte for byte; a second call for the patched Pod adds nothing.
    public func decide(pod: JSONValue, annotations: [String: String]) -> InjectionOutcome {
        let role: RoleAnnotations
        do throws(InvalidAnnotation) {
            guard let asked = try RoleAnnotations(annotations, prefix: configuration.annotationPrefix) else {
                return .left(.notOptedIn)
            }
            role = asked
        } catch {
            return left(.invalidAnnotation, "\(error)")
        }
        let view: PodView
        do throws(PodViewError) { view = try PodView(pod) } catch { return .left(.malformedPod) }
        guard !view.containers.isEmpty else { return .left(.noContainers) }
        if let obstacle = obstacle(to: role, in: view) { return obstacle }
        guard !view.hasTooManyContainers else {
            return left(.tooManyContainers, "it has more than \(PodView.maxContainers) containers")
        }
        guard let image = configuration.image else {
            return left(.imageUnset, "the webhook has no token image (--image or GTOKEN_IMAGE)")
        }
        let audience = role.audience ?? configuration.audience
        let container = InjectedContainer(configuration, image: image, audience: audience)
        var patch = PodPatch(view, configuration, container, form(for: view))
        do throws(Collision) {
            try patch.inject(InjectedEnvironment(role, configuration, podName: view.name))
        } catch {
            return left(.collision, "\(error)")
        }
        let warnings = Self.warnings(patch.warnings)
        guard !patch.operations.isEmpty else {
            return InjectionOutcome(decision: .alreadyInjected, patch: JSONPatch(), warnings: warnings)
        }
        patch.noteStatus()
        return InjectionOutcome(
            decision: .injected,
            patch: JSONPatch(patch.operations),
            warnings: warnings
        )
    }

    /// What keeps the identity from working in this Pod.
    private func obstacle(to role: RoleAnnotations, in pod: PodView) -> InjectionOutcome? {
        guard role.identity == .google else {
            return left(.identityUnavailable, "identity \"\(role.identity.rawValue)\" is not available yet")
        }
        if pod.usesHostNetwork {
            return left(.hostNetwork, "a Pod with hostNetwork would get the identity of its node")
        }
        if pod.isWindows {
            return left(.windows, "identity \"google\" does not work on Windows nodes")
        }
        guard let account = role.googleServiceAccount else {
            return left(
                .googleServiceAccountMissing,
                "the ServiceAccount has no annotation \(RoleAnnotations.googleServiceAccountKey)"
            )
        }
        do throws(NameError) {
            _ = try GoogleServiceAccountEmail(parsing: account)
        } catch {
            let invalid = InvalidAnnotation(
                key: RoleAnnotations.googleServiceAccountKey,
                problem: "\(error)"
            )
            return left(.invalidAnnotation, "\(invalid)")
        }
        return nil
    }

    private func form(for pod: PodView) -> PodPatch.Form {
        let isNative =
            switch configuration.sidecar {
            case .native: true
            case .container: false
            case .auto: cluster.supportsNativeSidecars
            }
        if isNative { return .nativeSidecar }
        // An ordinary container would keep a Pod that is meant to end from ending.
        return pod.restartPolicy == "Always" ? .pair : .initOnly
    }

    private func left(_ reason: InjectionDecision.Reason, _ explanation: String) -> InjectionOutcome {
        InjectionOutcome(
            decision: .notInjected(reason),
            patch: JSONPatch(),
            warnings: [Self.warning("no AWS role for this Pod: \(explanation)")]
        )
    }

    /// The API server passes on 4 KiB of warnings, of at most 256 bytes each.
    private static let maxWarnings = 16

    private static func warnings(_ texts: [String]) -> [String] {
        let rest = texts.count - maxWarnings
        let shown = texts.prefix(maxWarnings).map(warning)
        return rest > 0 ? shown + [warning("and \(rest) more warnings")] : shown
    }

    private static func warning(_ text: String) -> String { "gtoken: \(text)" }
}
