/// What the injection rules made of one Pod.
public struct InjectionOutcome: Equatable, Sendable {
    /// What was decided.
    public var decision: InjectionDecision
    /// The changes to the Pod; empty unless ``decision`` is ``InjectionDecision/injected``.
    public var patch: JSONPatch
    /// What the user is told, each a line.
    public var warnings: [String]

    /// An outcome of these parts.
    public init(decision: InjectionDecision, patch: JSONPatch, warnings: [String]) {
        self.decision = decision
        self.patch = patch
        self.warnings = warnings
    }

    /// The outcome that leaves the Pod as it is, for a reason that needs no words.
    public static func left(_ reason: InjectionDecision.Reason) -> InjectionOutcome {
        InjectionOutcome(decision: .notInjected(reason), patch: JSONPatch(), warnings: [])
    }

    /// The outcome that leaves the Pod as it is, though someone expects a role.
    static func refused(_ reason: InjectionDecision.Reason, _ explanation: String) -> InjectionOutcome {
        InjectionOutcome(
            decision: .notInjected(reason),
            patch: JSONPatch(),
            warnings: [WarningText.line("no AWS role for this Pod: \(explanation)")]
        )
    }

    /// The answer to the API server.
    ///
    /// - Parameter onInvalid: what happens to a Pod that is opted in and cannot be injected.
    /// - Returns: an allowing answer, or the refusal that `onInvalid` asks for.
    public func response(onInvalid: InjectionConfiguration.OnInvalid) -> AdmissionResponse {
        if decision.isFault, onInvalid == .deny {
            return .denied(message: warnings.joined(separator: "; "))
        }
        return .allowed(patch: patch, warnings: warnings)
    }
}

/// Whether a Pod was injected, and why not.
public enum InjectionDecision: Hashable, Sendable {
    /// The patch makes the Pod carry the role.
    case injected
    /// An earlier call did all there is to do.
    case alreadyInjected
    /// The Pod is left as it is.
    case notInjected(Reason)

    /// Why a Pod is left as it is; the raw value names it in logs and metrics.
    public enum Reason: String, CaseIterable, Sendable {
        /// The request is not about a Pod that is being created.
        case notAPodCreation = "not_a_pod_creation"
        /// The ServiceAccount does not exist; the API server refuses the Pod.
        case serviceAccountNotFound = "service_account_not_found"
        /// The ServiceAccount names no role.
        case notOptedIn = "not_opted_in"
        /// The Pod's label opts out.
        case optedOut = "opted_out"
        /// The Pod stands for one that a kubelet runs from a file; it cannot be changed.
        case mirrorPod = "mirror_pod"
        /// The Pod's annotation leaves out each of its containers.
        case allContainersSkipped = "all_containers_skipped"
        /// The Pod has no containers; the API server refuses it.
        case noContainers = "no_containers"
        /// A field is of another type than the API's; the API server refuses the Pod.
        case malformedPod = "malformed_pod"
        /// An annotation of the ServiceAccount means nothing.
        case invalidAnnotation = "invalid_annotation"
        /// No image has been configured for the injected container.
        case imageUnset = "image_unset"
        /// The ServiceAccount asks for a token that the Kubernetes API would take too.
        case audienceRefused = "audience_refused"
        /// The Pod is on the node's network, where the metadata server answers for the node.
        case hostNetwork = "host_network"
        /// The Pod is for Windows nodes.
        case windows = "windows"
        /// The ServiceAccount is bound to no Google service account.
        case googleServiceAccountMissing = "google_service_account_missing"
        /// A container, volume or mount has a name or place of ours and is not ours.
        case collision = "collision"
        /// The Pod has more containers than could be stored with what injection adds to each.
        case tooManyContainers = "too_many_containers"

        /// Whether someone expects a role and does not get one.
        public var isFault: Bool {
            switch self {
            case .notAPodCreation, .serviceAccountNotFound, .notOptedIn, .optedOut, .mirrorPod,
                .allContainersSkipped, .noContainers, .malformedPod:
                false
            case .invalidAnnotation, .audienceRefused, .imageUnset, .hostNetwork, .windows,
                .googleServiceAccountMissing, .collision, .tooManyContainers:
                true
            }
        }
    }

    /// Whether someone expects a role and does not get one.
    public var isFault: Bool {
        if case .notInjected(let reason) = self { reason.isFault } else { false }
    }

    /// The outcome's name in logs and metrics.
    public var name: String {
        switch self {
        case .injected: "injected"
        case .alreadyInjected: "already_injected"
        case .notInjected: "not_injected"
        }
    }

    /// The reason's name in logs and metrics; empty where none is needed.
    public var reason: String {
        if case .notInjected(let reason) = self { reason.rawValue } else { "" }
    }
}
