/// How gtokenctl marks what it made, so that it removes nothing else.
package enum OwnershipMark {
    /// What the keys of our tags in AWS begin with.
    package static let prefix = "gtoken/"
    /// The tag of AWS roles and providers.
    package static let tagKey = "gtoken/managed-by"
    /// The label of Kubernetes objects.
    package static let labelKey = "app.kubernetes.io/managed-by"
    /// The value of both, and what the description of a Google service account ends with.
    package static let value = "gtokenctl"
}
