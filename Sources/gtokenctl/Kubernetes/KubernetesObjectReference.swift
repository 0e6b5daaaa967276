import GTokenCore

/// An object of the kinds that a binding needs.
struct KubernetesObjectReference: Hashable, Sendable {
    /// The kinds, all of the core group's version 1.
    enum Kind: String, Sendable {
        case namespace = "Namespace"
        case serviceAccount = "ServiceAccount"
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

    private init(kind: Kind, namespace: String, name: String) {
        (self.kind, self.namespace, self.name) = (kind, namespace, name)
    }

    /// Whose object this is; `nil` for one of another kind.
    init?(of object: JSONValue) {
        guard let kind = object["kind"]?.string().flatMap(Kind.init(rawValue:)),
            let name = object["metadata"]?["name"]?.string()
        else { return nil }
        self.init(kind: kind, namespace: object["metadata"]?["namespace"]?.string() ?? "", name: name)
    }

    /// How kubectl is told which one.
    var arguments: [String] {
        [kind.rawValue.lowercased(), name] + (namespace.isEmpty ? [] : ["--namespace=\(namespace)"])
    }

    /// The object with nothing but its name.
    var manifest: [UInt8] { manifest(annotations: [:], labels: [:]) }

    /// The object as it is made.
    func manifest(annotations: [String: String], labels: [String: String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("apiVersion", "v1")
            object.member("kind", kind.rawValue)
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
