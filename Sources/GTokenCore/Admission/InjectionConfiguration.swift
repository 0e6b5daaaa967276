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
    /// How Pods are known to AWS whose ServiceAccount does not say.
    public var defaultIdentity: RoleAnnotations.Identity
    /// The audience of Google's tokens for ServiceAccounts that name none; `nil` for gtoken's own default.
    public var audience: String?
    /// The audience of the cluster's tokens for ServiceAccounts that name none.
    public var clusterAudience: String
    /// How long the cluster's tokens live, in seconds, for ServiceAccounts that do not say.
    public var tokenExpirationSeconds: Int
    /// Whether a Pod may be known by its node's Google service account, as in the Go project, where it has none
    /// of its own.
    public var allowsNodeIdentity: Bool
    /// The region for ServiceAccounts that name none.
    public var defaultRegion: AWSRegion?
    /// What our annotations on ServiceAccounts start with.
    public var annotationPrefix: String
    /// Which form the injected containers take.
    public var sidecar: SidecarForm
    /// What an injected container may use, unless the Pod says otherwise.
    public var resources: ContainerResources
    /// How much CPU a Pod may ask for instead.
    public var cpuBounds: ResourceBounds
    /// How much memory a Pod may ask for instead.
    public var memoryBounds: ResourceBounds
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
    /// gtoken needs 3 ms of CPU and 12 MiB of memory, most of it pages of its binary, to write a token; with less CPU
    /// than the default it would start noticeably later.
    public init(image: String? = nil, version: String = "dev") {
        self.image = image
        self.version = version
        imagePullPolicy = "IfNotPresent"
        volumeName = "gtoken-volume"
        volumePath = "/var/run/secrets/aws/token"
        tokenFile = "gtoken"
        volumeSize = "1Mi"
        defaultIdentity = .google
        audience = nil
        clusterAudience = ClusterToken.defaultAudience
        tokenExpirationSeconds = ClusterToken.defaultExpirationSeconds
        allowsNodeIdentity = false
        defaultRegion = nil
        annotationPrefix = Self.defaultAnnotationPrefix
        sidecar = .auto
        resources = ContainerResources(cpu: .milli(50), memory: .mebi(32))
        cpuBounds = ResourceBounds(.milli(10), .milli(500))
        memoryBounds = ResourceBounds(.mebi(16), .mebi(256))
        onInvalid = .allow
    }

    /// The path of the token file in every container.
    public var tokenPath: String { "\(volumePath)/\(tokenFile)" }

    /// What annotations of the Go project begin with.
    static let defaultAnnotationPrefix = "amazonaws.com/"
}
