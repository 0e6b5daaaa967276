package import GTokenCore
import GTokenNet
import GTokenRuntime

/// What a test or a demo does to the cluster without asking over HTTP.
extension KubernetesEmulator {
    /// Makes a ServiceAccount, or gives the one that is there other annotations and labels.
    ///
    /// Its namespace is made if need be.
    package func apply(
        _ name: KubernetesServiceAccountName,
        annotations: [String: String] = [:],
        labels: [String: String] = [:]
    ) {
        ensureNamespace(name.namespace)
        put(.serviceAccounts, StoredObject.Key(namespace: name.namespace, name: name.name)) { object in
            Self.metadata(name.name, annotations: annotations, labels: labels, to: &object)
        }
    }

    /// Removes a ServiceAccount.
    package func delete(_ name: KubernetesServiceAccountName) {
        _ = try? change { store throws(ObjectStoreError) in
            try store.delete(.serviceAccounts, StoredObject.Key(namespace: name.namespace, name: name.name))
        }
    }

    /// Makes a Pod that runs as a ServiceAccount, so that tokens can be bound to it; answers its uid.
    package func run(pod name: String, as account: KubernetesServiceAccountName) -> String {
        ensureNamespace(account.namespace)
        let pod = put(.pods, StoredObject.Key(namespace: account.namespace, name: name)) { object in
            Self.metadata(name, to: &object)
            object.member("spec") { $0.object { $0.member("serviceAccountName", account.name) } }
        }
        return pod?.uid ?? ""
    }

    /// Makes an object of any kind, its status included, or puts it in place of the one of its name; `false` for what is none.
    ///
    /// Its namespace is made if need be.
    @discardableResult
    package func put(_ resource: KubernetesResource, _ json: [UInt8]) -> Bool {
        guard let given = try? JSONDocument(json).root, let name = given["metadata"]?["name"]?.string() else {
            return false
        }
        let namespace = given["metadata"]?["namespace"]?.string() ?? ""
        if !namespace.isEmpty { ensureNamespace(namespace) }
        // An update would have to name the version that it changes.
        if resource.traits.contains(.versionRequired) { remove(resource, namespace: namespace, name) }
        return put(resource, StoredObject.Key(namespace: namespace, name: name), given) != nil
    }

    /// Removes an object of any kind, as somebody with `kubectl` would; `namespace` is empty for objects of the cluster.
    package func remove(_ resource: KubernetesResource, namespace: String = "", _ name: String) {
        _ = try? change { store throws(ObjectStoreError) in
            try store.delete(resource, StoredObject.Key(namespace: namespace, name: name))
        }
    }

    /// An object as it is kept, without `kind` and `apiVersion`; `nil` where there is none.
    ///
    /// `namespace` is empty for objects of the cluster.
    package func object(_ resource: KubernetesResource, namespace: String = "", _ name: String) -> JSONValue?
    {
        let key = StoredObject.Key(namespace: namespace, name: name)
        return state.withLock { $0.store.object(resource, key) }?.root
    }

    /// Makes a namespace unless it is there.
    func ensureNamespace(_ name: String) {
        let key = StoredObject.Key(namespace: "", name: name)
        guard state.withLock({ $0.store.object(.namespaces, key) }) == nil else { return }
        put(.namespaces, key) { Self.metadata(name, to: &$0) }
    }

    /// What a new object needs.
    func newBirth() -> ObjectStore.Birth {
        let letters = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
        let suffix = Crypto.randomBytes(5).map { letters[Int($0) % letters.count] }
        return ObjectStore.Birth(
            time: clock.now(),
            uid: Hexadecimal.uuid(Crypto.randomBytes(16)),
            suffix: String(decoding: suffix, as: UTF8.self)
        )
    }

    @discardableResult
    private func put(
        _ resource: KubernetesResource,
        _ key: StoredObject.Key,
        _ members: (inout JSONWriter) -> Void
    ) -> StoredObject? {
        var writer = JSONWriter()
        writer.object(members)
        return (try? JSONDocument(writer.bytes).root).flatMap { put(resource, key, $0) }
    }

    private func put(
        _ resource: KubernetesResource,
        _ key: StoredObject.Key,
        _ given: JSONValue
    ) -> StoredObject? {
        guard let object = try? ObjectDefaults.complete(given, resource, name: key.name) else { return nil }
        let birth = newBirth()
        return try? change { store throws(ObjectStoreError) in
            store.object(resource, key) == nil
                ? try store.create(resource, in: key.namespace, object, birth)
                : try store.update(resource, key, object)
        }
    }

    private static func metadata(
        _ name: String,
        annotations: [String: String] = [:],
        labels: [String: String] = [:],
        to object: inout JSONWriter
    ) {
        object.member("metadata") { metadata in
            metadata.object { metadata in
                metadata.member("name", name)
                for (key, map) in [("labels", labels), ("annotations", annotations)] where !map.isEmpty {
                    metadata.member(key) { writer in
                        writer.object { writer in
                            for (key, value) in map.sorted(by: { $0.key < $1.key }) {
                                writer.member(key, value)
                            }
                        }
                    }
                }
            }
        }
    }
}
