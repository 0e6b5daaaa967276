package import GTokenCore

/// How the stand-in for the Kubernetes API behaves; it can be changed while it answers.
package struct KubernetesBehaviour: Sendable {
    /// The bearer tokens that it knows; `nil` lets everybody in.
    package var acceptedTokens: Set<String>?
    /// The minor version of its Kubernetes 1.
    package var minorVersion = 35
    /// The user that refusals name.
    package var user = "system:serviceaccount:gtoken:gtoken-webhook-sa"
    /// How long each answer takes, at least.
    package var delay: Duration = .zero
    /// How long the answer about one ServiceAccount takes, in place of ``delay``.
    package var delays: [KubernetesServiceAccountName: Duration] = [:]
    /// Whether the user may not read any ServiceAccount.
    package var deniesAll = false
    /// ServiceAccounts that the user may not read.
    package var denied: Set<KubernetesServiceAccountName> = []
    /// ServiceAccounts that cannot be read, with the status that says so: 429, 500, 503 or 504.
    package var failures: [KubernetesServiceAccountName: Int] = [:]
    /// Who the bearers of some tokens are; others who are let in may do everything.
    package var users: [String: KubernetesUser] = [:]
    /// What goes wrong with some requests for objects, the first that fits.
    package var faults: [KubernetesFault] = []
    /// Whether nothing is answered at all.
    package var outage: KubernetesOutage?
    /// How often a watch that allows it gets a bookmark; an API server sends one each minute.
    package var bookmarkInterval = Duration.seconds(60)
    /// How long a watch lasts that does not say so.
    package var watchLife = Duration.seconds(1800)
    /// The longest that a token lives, whatever is asked for; `nil` for no limit but the API's.
    package var maxTokenExpirationSeconds: Int64?
    /// Answers to give once, in place of the stand-in's own.
    package var script: [ScriptedAnswer] = []

    /// A server that is well and lets everybody in.
    package init() {}
}
