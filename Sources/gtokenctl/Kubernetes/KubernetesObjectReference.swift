import GTokenCore

/// Which object of a cluster.
struct KubernetesObjectReference: Hashable, Sendable {
    /// What it is.
    struct Kind: Hashable, Sendable {
        let apiVersion: String
        let name: String

        static let namespace = Kind(apiVersion: "v1", name: "Namespace")
        static let serviceAccount = Kind(apiVersion: "v1", name: "ServiceAccount")
        static let secret = Kind(apiVersion: "v1", name: "Secret")
        static let configMap = Kind(apiVersion: "v1", name: "ConfigMap")
        static let service = Kind(apiVersion: "v1", name: "Service")
        static let resourceQuota = Kind(apiVersion: "v1", name: "ResourceQuota")
        static let deployment = Kind(apiVersion: "apps/v1", name: "Deployment")
        static let mutatingWebhookConfiguration = Kind(
            apiVersion: "admissionregistration.k8s.io/v1",
            name: "MutatingWebhookConfiguration"
        )

        /// The API group; empty for the core group.
        var group: String { apiVersion.split(separator: "/").dropLast().first.map(String.init) ?? "" }

        /// How kubectl is told: with its group, since other groups may have a kind of the same name.
        var argument: String {
            let version = apiVersion.split(separator: "/").last ?? ""
            return group.isEmpty ? name.lowercased() : "\(name.lowercased()).\(version).\(group)"
        }
    }

    let kind: Kind
    /// Empty for what stands in none.
    let namespace: String
    let name: String

    /// A namespace.
    static func namespace(_ name: String) -> KubernetesObjectReference {
        KubernetesObjectReference(kind: .namespace, namespace: "", name: name)
    }

    /// A ServiceAccount.
    static func serviceAccount(_ name: KubernetesServiceAccountName) -> KubernetesObjectReference {
        KubernetesObjectReference(kind: .serviceAccount, namespace: name.namespace, name: name.name)
    }

    /// One in a namespace, or with an empty one in none.
    init(_ kind: Kind, namespace: String = "", _ name: String) {
        self.init(kind: kind, namespace: namespace, name: name)
    }

    private init(kind: Kind, namespace: String, name: String) {
        (self.kind, self.namespace, self.name) = (kind, namespace, name)
    }

    /// Whose object this is; `nil` for one that does not say.
    init?(of object: JSONValue) {
        guard let apiVersion = object["apiVersion"]?.string(), let kind = object["kind"]?.string(),
            let name = object["metadata"]?["name"]?.string()
        else { return nil }
        self.init(
            kind: Kind(apiVersion: apiVersion, name: kind),
            namespace: object["metadata"]?["namespace"]?.string() ?? "",
            name: name
        )
    }

    /// How kubectl is told which one.
    var arguments: [String] {
        [kind.argument, name] + (namespace.isEmpty ? [] : ["--namespace=\(namespace)"])
    }

    /// The object with nothing but its name.
    var manifest: [UInt8] { manifest(annotations: [:], labels: [:]) }

    /// The object as it is made.
    func manifest(annotations: [String: String], labels: [String: String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("apiVersion", kind.apiVersion)
            object.member("kind", kind.name)
            object.member("metadata") { metadata in
                metadata.object { metadata in
                    metadata.member("name", name)
                    if !namespace.isEmpty { metadata.member("namespace", namespace) }
                    for (member, values) in [("labels", labels), ("annotations", annotations)]
                    where !values.isEmpty {
                        metadata.member(member) { list in
                            list.object { list in
                                for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                                    list.member(key, value)
                                }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Several objects as one document.
    static func list(_ manifests: [[UInt8]]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("apiVersion", "v1")
            object.member("kind", "List")
            object.member("items") { items in
                items.array { items in
                    for manifest in manifests { items.raw(manifest) }
                }
            }
        }
        return writer.bytes
    }
}

extension KubernetesObjectReference: CustomStringConvertible {
    var description: String { "\(kind.name) \(namespace.isEmpty ? "" : namespace + "/")\(name)" }
}
