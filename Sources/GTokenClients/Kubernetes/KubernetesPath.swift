package import GTokenCore

/// Where something is in the Kubernetes API: a collection of objects, one of them, or a page of the server's own.
package struct KubernetesPath: Sendable, Hashable {
    /// The path's segments, not encoded.
    package let segments: [String]

    private init(_ segments: [String]) { self.segments = segments }

    /// The server's version.
    package static let version = KubernetesPath(["version"])

    /// The ServiceAccounts of all namespaces.
    package static let serviceAccounts = KubernetesPath(["api", "v1", "serviceaccounts"])

    /// One ServiceAccount.
    package static func serviceAccount(_ name: KubernetesServiceAccountName) -> KubernetesPath {
        KubernetesPath(["api", "v1", "namespaces", name.namespace, "serviceaccounts", name.name])
    }

    /// The Secrets of a namespace.
    package static func secrets(in namespace: String) -> KubernetesPath {
        KubernetesPath(["api", "v1", "namespaces", namespace, "secrets"])
    }

    /// The cluster's mutating webhook configurations.
    package static let mutatingWebhookConfigurations = KubernetesPath(
        ["apis", "admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations"]
    )

    /// The object of this collection with this name.
    package func named(_ name: String) -> KubernetesPath { KubernetesPath(segments + [name]) }
}
