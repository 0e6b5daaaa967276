import GTokenCore

/// The objects of a cluster, with one version that rises with each change of any of them.
///
/// A value: nothing of it waits, knows the time or talks. Objects come and go as JSON; what a client says of the
/// server's own fields is replaced.
struct ObjectStore {
    /// What a new object needs from outside.
    struct Birth {
        var time: UnixTime
        var uid: String
        /// What `generateName` is completed with, five letters and digits.
        var suffix: String
    }

    /// What a deletion was made for.
    struct Preconditions {
        var uid: String?
        var resourceVersion: String?

        init(uid: String? = nil, resourceVersion: String? = nil) {
            self.uid = uid
            self.resourceVersion = resourceVersion
        }
    }

    /// The version of the latest change.
    private(set) var resourceVersion: Int
    /// The latest changes.
    var history: EventHistory
    private var collections: [KubernetesResource: ObjectCollection] = [:]

    init(resourceVersion: Int = 1000, historyLength: Int = 10_000) {
        self.resourceVersion = resourceVersion
        history = EventHistory(capacity: historyLength)
    }

    func collection(of resource: KubernetesResource) -> ObjectCollection {
        collections[resource] ?? ObjectCollection()
    }

    func object(_ resource: KubernetesResource, _ key: StoredObject.Key) -> StoredObject? {
        collections[resource]?[key]
    }

    /// The object, or the error that there is none.
    func existing(
        _ resource: KubernetesResource,
        _ key: StoredObject.Key
    ) throws(ObjectStoreError) -> StoredObject {
        guard let object = object(resource, key) else { throw .notFound(resource, name: key.name) }
        return object
    }

    /// Adds an object of a checked form under the name that it gives itself, in `namespace`.
    mutating func create(
        _ resource: KubernetesResource,
        in namespace: String,
        _ object: JSONValue,
        _ birth: Birth,
        applied: [String: [UInt8]] = [:]
    ) throws(ObjectStoreError) -> StoredObject {
        let name = try ObjectValidation.newName(resource, object, suffix: birth.suffix)
        let key = StoredObject.Key(namespace: namespace, name: name)
        guard self.object(resource, key) == nil else { throw .alreadyExists(resource, name: name) }
        if let given = object.present("metadata")?.present("resourceVersion")?.string(), !given.isEmpty {
            throw .malformed("resourceVersion should not be set on objects to be created")
        }
        let fields = ServerFields(
            key: key,
            uid: birth.uid,
            createdAt: birth.time.rfc3339,
            generation: resource.traits.contains(.counted) ? 1 : nil,
            resourceVersion: resourceVersion + 1
        )
        return commit(resource, previous: nil, ObjectText.make(object, fields), key, applied)
    }

    /// Replaces an object; one that is the same already stays as it is, with its version.
    ///
    /// `applied` is what each field manager applied last; `nil` where that is as it was.
    mutating func update(
        _ resource: KubernetesResource,
        _ key: StoredObject.Key,
        _ object: JSONValue,
        applied: [String: [UInt8]]? = nil
    ) throws(ObjectStoreError) -> StoredObject {
        let previous = try existing(resource, key)
        let old = previous.root
        try check(resource, previous, isReplacedBy: object)
        var fields = ServerFields(
            key: key,
            uid: previous.uid,
            createdAt: old["metadata"]?["creationTimestamp"]?.string() ?? "",
            generation: old["metadata"]?["generation"]?.integer(),
            resourceVersion: previous.resourceVersion
        )
        let unchanged = ObjectText.make(object, fields)
        let applied = applied ?? previous.applied
        if applied == previous.applied, let new = try? JSONDocument(unchanged).root, new.isEqual(to: old) {
            return previous
        }
        if let generation = fields.generation, !ObjectText.isSpecEqual(old, object) {
            fields.generation = generation + 1
        }
        fields.resourceVersion = resourceVersion + 1
        return commit(resource, previous: previous, ObjectText.make(object, fields), key, applied)
    }

    /// Checks that an update was made for the object as it is.
    private func check(
        _ resource: KubernetesResource,
        _ previous: StoredObject,
        isReplacedBy object: JSONValue
    ) throws(ObjectStoreError) {
        let name = previous.key.name
        let metadata = object.present("metadata")
        if let uid = metadata?.present("uid")?.string(), !uid.isEmpty, uid != previous.uid {
            throw .conflict(resource, name: name, .uid(expected: uid, actual: previous.uid))
        }
        guard let version = metadata?.present("resourceVersion")?.string(), !version.isEmpty else {
            guard resource.traits.contains(.versionRequired) else { return }
            throw .invalid(
                resource,
                name: name,
                .init(
                    reason: "FieldValueInvalid",
                    field: "metadata.resourceVersion",
                    problem: "Invalid value: 0x0: must be specified for an update"
                )
            )
        }
        guard version == String(previous.resourceVersion) else {
            throw .conflict(resource, name: name, .modified)
        }
    }

    /// Takes an object away, with all that is in it where it is a namespace; answers its last state.
    mutating func delete(
        _ resource: KubernetesResource,
        _ key: StoredObject.Key,
        _ preconditions: Preconditions = Preconditions()
    ) throws(ObjectStoreError) -> StoredObject {
        let object = try existing(resource, key)
        if let uid = preconditions.uid, uid != object.uid {
            throw .conflict(resource, name: key.name, .uid(expected: uid, actual: object.uid))
        }
        if let version = preconditions.resourceVersion, version != String(object.resourceVersion) {
            throw .conflict(
                resource,
                name: key.name,
                .version(expected: version, actual: String(object.resourceVersion))
            )
        }
        if resource == .namespaces {
            for resource in KubernetesResource.all where resource.isNamespaced {
                for inner in collection(of: resource).slice(in: key.name, from: nil) {
                    remove(resource, inner)
                }
            }
        }
        remove(resource, object)
        return object
    }

    private mutating func commit(
        _ resource: KubernetesResource,
        previous: StoredObject?,
        _ json: [UInt8],
        _ key: StoredObject.Key,
        _ applied: [String: [UInt8]]
    ) -> StoredObject {
        resourceVersion += 1
        let object = StoredObject(key: key, resourceVersion: resourceVersion, json: json, applied: applied)
        collections[resource, default: ObjectCollection()][key] = object
        history.append(
            ObjectChange(
                resourceVersion: resourceVersion,
                resource: resource,
                previous: previous,
                current: object
            )
        )
        return object
    }

    private mutating func remove(_ resource: KubernetesResource, _ object: StoredObject) {
        resourceVersion += 1
        collections[resource]?[object.key] = nil
        history.append(
            ObjectChange(
                resourceVersion: resourceVersion,
                resource: resource,
                previous: object,
                current: nil
            )
        )
    }
}
