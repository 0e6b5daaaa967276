/// What an operator decides about injection, for all Pods of the cluster.
public struct InjectionConfiguration: Equatable, Sendable {
    /// The image of the injected container; `nil` while none has been set, and then nothing is injected.
    public var image: String?
    /// `Always`, `IfNotPresent` or `Never`.
    public var imagePullPolicy: String
    /// The name of the injected volume.
    public var volumeName: String
    /// Where the volume is mounted, without a slash at the end.
    public var volumePath: String
    /// The token file's name in the volume.
    public var tokenFile: String
    /// The volume's size limit, as a Kubernetes quantity.
    public var volumeSize: String
    /// The token's audience for ServiceAccounts that name none; `nil` for gtoken's own default.
    public var audience: String?
    /// The region for ServiceAccounts that name none.
    public var defaultRegion: AWSRegion?
    /// What our annotations on ServiceAccounts start with.
    public var annotationPrefix: String
    /// Which form the injected containers take.
    public var sidecar: SidecarForm
    /// CPU of an injected container, request and limit alike, as a Kubernetes quantity.
    public var cpu: String
    /// Memory of an injected container, request and limit alike, as a Kubernetes quantity.
    public var memory: String
    /// What happens to a Pod that is opted in and cannot be injected.
    public var onInvalid: OnInvalid
    /// The version noted on each injected Pod.
    public var version: String

    /// The forms of injection.
    public enum SidecarForm: String, CaseIterable, Sendable {
        /// Native where the cluster has native sidecars, else ordinary containers.
        case auto
        /// One init container with `restartPolicy: Always` (Kubernetes 1.29 and later).
        case native
        /// An init container for the first token and an ordinary container for the next ones.
        case container
    }

    /// What happens to a Pod that is opted in and cannot be injected.
    public enum OnInvalid: String, CaseIterable, Sendable {
        /// It passes unmodified, with a warning.
        case allow
        /// It is refused with the reason.
        case deny
    }

    /// The defaults, with an image or without.
    ///
    /// A file in the volume costs memory of the Pod; requests equal limits so that a Guaranteed Pod stays one.
    public init(image: String? = nil, version: String = "dev") {
        self.image = image
        self.version = version
        imagePullPolicy = "IfNotPresent"
        volumeName = "gtoken-volume"
        volumePath = "/var/run/secrets/aws/token"
        tokenFile = "gtoken"
        volumeSize = "1Mi"
        audience = nil
        defaultRegion = nil
        annotationPrefix = "amazonaws.com/"
        sidecar = .auto
        cpu = "50m"
        memory = "32Mi"
        onInvalid = .allow
    }

    /// The path of the token file in every container.
    public var tokenPath: String { "\(volumePath)/\(tokenFile)" }
}

/// What is known of the cluster that a Pod is created in.
public struct ClusterFacts: Equatable, Sendable {
    /// Whether every node is sure to run native sidecars.
    ///
    /// True from server 1.32 on: nodes may be three minor versions older, and 1.29 is the first with native
    /// sidecars on by default.
    public var supportsNativeSidecars: Bool

    /// Facts given.
    public init(supportsNativeSidecars: Bool) { self.supportsNativeSidecars = supportsNativeSidecars }

    /// Facts from the server's `/version`: `major` and `minor` as it writes them, such as `1` and `32+`.
    public init(serverMajor: String, serverMinor: String) {
        let major = Int(serverMajor.prefix { $0.isASCII && $0.isNumber }) ?? 0
        let minor = Int(serverMinor.prefix { $0.isASCII && $0.isNumber }) ?? 0
        supportsNativeSidecars = (major, minor) >= (1, 32)
    }
}
