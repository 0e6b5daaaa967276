import GTokenCore

/// A part of a list.
struct ObjectPage {
    /// The version at which the list is complete and true.
    var resourceVersion: Int
    var objects: [StoredObject]
    /// Where the next part starts; `nil` after the last.
    var next: StoredObject.Key?
    /// How many objects come after this part; `nil` where a selection makes that costly to know.
    var remaining: Int?
}

/// Which part of which list.
struct ObjectListQuery {
    /// `nil` for all namespaces.
    var namespace: String?
    var selection = ObjectSelection()
    /// The most objects of the part; 0 for no limit.
    var limit = 0
    /// The first key that is not in an earlier part.
    var start: StoredObject.Key?
    /// The version to list at; `nil` for the latest.
    var version: Int?

    init(namespace: String? = nil) { self.namespace = namespace }
}

extension ObjectStore {
    /// Lists objects as they are, or as they were at a version from which all changes are known.
    func list(
        _ resource: KubernetesResource,
        _ query: ObjectListQuery
    ) throws(ObjectStoreError) -> ObjectPage {
        let version = query.version ?? resourceVersion
        let earlier = try statesBefore(changesAfter: version, of: resource, query)
        let current = collection(of: resource).slice(in: query.namespace, from: query.start)
        // Those that have been deleted since.
        var gone = earlier.filter { self.object(resource, $0.key) == nil }
            .compactMap(\.value)
            .sorted { $0.key < $1.key }[...]
        func isNew(_ key: StoredObject.Key) -> Bool {
            if case .some(.none) = earlier[key] { true } else { false }
        }
        var page = ObjectPage(resourceVersion: version, objects: [], next: nil, remaining: nil)
        var index = current.startIndex
        while true {
            let object: StoredObject?
            if let first = gone.first, index == current.endIndex || first.key < current[index].key {
                object = first
                gone.removeFirst()
            } else if index < current.endIndex {
                // One that is there may have been another, or none at all.
                object = earlier[current[index].key] ?? current[index]
                index += 1
            } else {
                return page
            }
            guard let object, query.selection.matches(object) else { continue }
            guard query.limit == 0 || page.objects.count < query.limit else {
                page.next = object.key
                if query.selection.isEmpty {
                    let rest = current[index...].lazy.filter { !isNew($0.key) }
                    page.remaining = 1 + gone.count + rest.count
                }
                return page
            }
            page.objects.append(object)
        }
    }

    /// What the objects were before all changes after a version; a `nil` for those that were not there.
    private func statesBefore(
        changesAfter version: Int,
        of resource: KubernetesResource,
        _ query: ObjectListQuery
    ) throws(ObjectStoreError) -> [StoredObject.Key: StoredObject?] {
        guard version <= resourceVersion else { throw .notYet(asked: version, current: resourceVersion) }
        guard version < resourceVersion else { return [:] }
        guard let changes = history.changes(after: version) else {
            throw .expired(asked: version, oldest: history.oldest)
        }
        var states: [StoredObject.Key: StoredObject?] = [:]
        for change in changes.reversed() where change.resource == resource {
            guard let key = change.key, query.namespace == nil || key.namespace == query.namespace else {
                continue
            }
            if let start = query.start, key < start { continue }
            states[key] = .some(change.previous)
        }
        return states
    }
}

/// One thing that a watch is told.
struct ObjectEvent {
    enum Kind: String {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    var kind: Kind
    /// The object after the change, or the last that the watch may see of it.
    var object: StoredObject
}

extension ObjectStore {
    /// What has happened to the selected objects after a version, at most `limit` changes of any object, and the
    /// version up to which that is all.
    func events(
        of resource: KubernetesResource,
        in namespace: String?,
        _ selection: ObjectSelection,
        after version: Int,
        limit: Int = 500
    ) throws(ObjectStoreError) -> (events: [ObjectEvent], version: Int) {
        guard let changes = history.changes(after: version) else {
            throw .expired(asked: version, oldest: history.oldest)
        }
        let examined = changes.prefix(max(1, limit))
        func isSelected(_ object: StoredObject?) -> StoredObject? {
            guard let object, namespace == nil || object.key.namespace == namespace else { return nil }
            return selection.matches(object) ? object : nil
        }
        let events = examined.lazy.filter { $0.resource == resource }.compactMap { change -> ObjectEvent? in
            switch (isSelected(change.previous), isSelected(change.current)) {
            case (nil, nil): nil
            case (nil, let current?): ObjectEvent(kind: .added, object: current)
            case (.some, let current?): ObjectEvent(kind: .modified, object: current)
            case (let previous?, nil):
                // What leaves the selection is deleted to the watch, at the version of the change.
                ObjectEvent(kind: .deleted, object: previous.moved(to: change.resourceVersion))
            }
        }
        return (Array(events), examined.last?.resourceVersion ?? max(version, resourceVersion))
    }
}

extension StoredObject {
    /// The same object with the version at which it went away.
    fileprivate func moved(to version: Int) -> StoredObject {
        let root = self.root
        let metadata = root["metadata"] ?? JSONValue.empty
        let fields = ServerFields(
            key: key,
            uid: uid,
            createdAt: metadata["creationTimestamp"]?.string() ?? "",
            generation: metadata["generation"]?.integer(),
            resourceVersion: version
        )
        return StoredObject(key: key, resourceVersion: version, json: ObjectText.make(root, fields))
    }
}
