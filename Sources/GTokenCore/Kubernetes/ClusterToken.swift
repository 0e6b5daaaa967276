/// The projected ServiceAccount token by which a Pod of identity `cluster` is known to AWS.
///
/// The kubelet asks the API server for it, writes it to a file of the Pod, and renews it at 80 % of its life or
/// after 24 hours, whichever comes first (Kubernetes, "Projected Volumes").
public enum ClusterToken {
    /// The audience of the tokens, and a client id of the cluster's identity provider in IAM, unless a
    /// ServiceAccount names another.
    public static let defaultAudience = "sts.amazonaws.com"

    /// How long a token lives unless a ServiceAccount says otherwise, in seconds: a day.
    public static let defaultExpirationSeconds = 86_400

    /// How long a token may live, in seconds: what the API server accepts in a Pod.
    ///
    /// Source: `serviceAccountToken.expirationSeconds` of Kubernetes' Pod, at least 10 minutes and at most 2^32
    /// seconds; the issuer may give less.
    public static let expirationSecondsRange = 600...4_294_967_296
}
