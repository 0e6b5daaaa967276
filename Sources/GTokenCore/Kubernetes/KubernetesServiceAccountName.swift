/// A Kubernetes ServiceAccount: its namespace and its name.
public struct KubernetesServiceAccountName: Sendable, Hashable {
    /// The namespace, a label of RFC 1123: 1 to 63 characters.
    public let namespace: String
    /// The name, a subdomain of RFC 1123: 1 to 253 characters.
    public let name: String

    /// Makes the name of a ServiceAccount.
    ///
    /// - Throws: ``NameError`` for the part that the Kubernetes API would not accept.
    public init(namespace: String, name: String) throws(NameError) {
        try NameRule.checkLength(namespace, 1...63, .kubernetesNamespace)
        try NameRule.checkLabels(namespace, .kubernetesNamespace, allowsDots: false)
        try NameRule.checkLength(name, 1...253, .kubernetesServiceAccount)
        try NameRule.checkLabels(name, .kubernetesServiceAccount, allowsDots: true)
        self.namespace = namespace
        self.name = name
    }

    /// The `sub` of the tokens that the cluster issues for it: `system:serviceaccount:NAMESPACE:NAME`.
    public var subject: String { "system:serviceaccount:\(namespace):\(name)" }
}

extension KubernetesServiceAccountName: CustomStringConvertible {
    /// `NAMESPACE/NAME`.
    public var description: String { "\(namespace)/\(name)" }
}
