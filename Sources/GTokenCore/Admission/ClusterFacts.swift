/// What is known of the cluster that a Pod is created in.
public struct ClusterFacts: Equatable, Sendable {
    /// Whether every node is sure to run native sidecars.
    ///
    /// True from server 1.32 on: nodes may be three minor versions older, and 1.29 is the first with native
    /// sidecars on by default.
    public var supportsNativeSidecars: Bool
    /// The audiences that the API server is known to take tokens for, such as the cluster's issuer.
    public var apiAudiences: Set<String>

    /// Facts given.
    public init(supportsNativeSidecars: Bool, apiAudiences: Set<String> = []) {
        self.supportsNativeSidecars = supportsNativeSidecars
        self.apiAudiences = apiAudiences
    }

    /// Facts from the server's `/version`: `major` and `minor` as it writes them, such as `1` and `32+`.
    public init(serverMajor: String, serverMinor: String, apiAudiences: Set<String> = []) {
        let major = Int(serverMajor.prefix { $0.isASCII && $0.isNumber }) ?? 0
        let minor = Int(serverMinor.prefix { $0.isASCII && $0.isNumber }) ?? 0
        self.init(supportsNativeSidecars: (major, minor) >= (1, 32), apiAudiences: apiAudiences)
    }

    /// Whether a token for this audience could be of use at the Kubernetes API: this cluster's, or one whose
    /// API server takes tokens for the usual names.
    ///
    /// An API server takes tokens for its issuer unless told otherwise (`--api-audiences`); on GKE that is a URL
    /// of `container.googleapis.com`, elsewhere mostly the name of the Service `kubernetes`.
    public func isAPIAudience(_ audience: String) -> Bool {
        let bare = audience.hasSuffix("/") ? String(audience.dropLast()) : audience
        if apiAudiences.contains(audience) || apiAudiences.contains(bare) { return true }
        let name = (bare.hasPrefix(Self.scheme) ? String(bare.dropFirst(Self.scheme.count)) : bare)
            .lowercased()
        return Self.usualNames.contains(name) || name.hasPrefix("container.googleapis.com/")
    }

    private static let scheme = "https://"

    /// The names of the Service `kubernetes`, with which clusters are set up, and `api`, the audience of API servers
    /// without an issuer.
    private static let usualNames: Set<String> = [
        "api", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
    ]
}
