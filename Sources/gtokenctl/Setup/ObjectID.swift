/// Something that gtokenctl looks after in a cloud or a cluster.
struct ObjectID: Hashable, Sendable {
    /// What it is.
    let kind: Kind
    /// Its name, unique among its kind.
    let name: String

    init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// The kinds, in the order in which a plan shows them.
    enum Kind: String, CaseIterable, Sendable {
        case cluster = "GKE cluster"
        case googleAccount = "Google service account"
        case googleBindings = "IAM policy of Google service account"
        case identityProvider = "AWS identity provider"
        case awsPolicy = "AWS policy"
        case awsRole = "AWS role"
        case namespace = "namespace"
        case serviceAccount = "ServiceAccount"
        /// Any object of a cluster; its name begins with its kind.
        case kubernetes = "Kubernetes"
    }
}

extension ObjectID: CustomStringConvertible {
    var description: String { kind == .kubernetes ? name : "\(kind.rawValue) \(name)" }
}

extension ObjectID: Comparable {
    static func < (one: ObjectID, other: ObjectID) -> Bool {
        let order = Kind.allCases
        guard one.kind == other.kind else {
            return (order.firstIndex(of: one.kind) ?? 0) < (order.firstIndex(of: other.kind) ?? 0)
        }
        return one.name < other.name
    }
}

extension ObjectID {
    /// An object of a cluster.
    init(_ reference: KubernetesObjectReference) { self.init(.kubernetes, "\(reference)") }
}
