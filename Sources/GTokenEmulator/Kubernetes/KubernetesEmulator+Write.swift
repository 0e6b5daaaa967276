import GTokenCore
import GTokenNet
import GTokenRuntime

/// Changing: create, update, patch, delete.
extension KubernetesEmulator {
    /// The largest body that an API server takes.
    private static let maxBodyBytes = 3 << 20

    /// How often a change is made anew because the object has changed meanwhile.
    private static let maxTries = 16

    private enum PatchType: String, CaseIterable {
        case json = "application/json-patch+json"
        case merge = "application/merge-patch+json"
        /// Lists are replaced, not merged by key: right for the kinds that have no such lists where kubectl changes them.
        case strategic = "application/strategic-merge-patch+json"
        /// Server-side apply, of a configuration that is written in JSON.
        case apply = "application/apply-patch+yaml"
    }

    func write(_ asked: ResourceRequest, _ request: HTTPRequest) -> HTTPResponse {
        do throws(KubernetesRefusal) {
            let isDryRun = try ListOptions(request).isDryRun
            switch asked.verb {
            case .create: return try create(asked, request, isDryRun: isDryRun)
            case .update: return try update(asked, request, isDryRun: isDryRun)
            case .patch: return try patch(asked, request, isDryRun: isDryRun)
            case .delete: return try delete(asked, request, isDryRun: isDryRun)
            default: return try deleteCollection(asked, request, isDryRun: isDryRun)
            }
        } catch {
            return error.response
        }
    }

    private func create(
        _ asked: ResourceRequest,
        _ request: HTTPRequest,
        isDryRun: Bool
    ) throws(KubernetesRefusal) -> HTTPResponse {
        let resource = asked.path.resource
        let object = try Self.object(request)
        let birth = newBirth()
        let new = try change(isDryRun: isDryRun) { store throws(ObjectStoreError) -> StoredObject in
            try Self.check(object, isFor: asked)
            if let namespace = asked.path.namespace {
                _ = try store.existing(.namespaces, StoredObject.Key(namespace: "", name: namespace))
            }
            let name = object.present("metadata")?.present("name")?.string() ?? ""
            return try store.create(
                resource,
                in: asked.key.namespace,
                ObjectDefaults.complete(object, resource, name: name),
                birth
            )
        }
        return Self.answer(new, resource, status: 201)
    }

    private func update(
        _ asked: ResourceRequest,
        _ request: HTTPRequest,
        isDryRun: Bool
    ) throws(KubernetesRefusal) -> HTTPResponse {
        let object = try Self.object(request)
        return try replace(asked, isDryRun: isDryRun) { _ throws(KubernetesRefusal) in object }
    }

    private func patch(
        _ asked: ResourceRequest,
        _ request: HTTPRequest,
        isDryRun: Bool
    ) throws(KubernetesRefusal) -> HTTPResponse {
        guard let type = request.mediaType.flatMap(PatchType.init(rawValue:)) else {
            throw KubernetesRefusal(
                response: KubernetesStatus.unsupportedMediaType(PatchType.allCases.map(\.rawValue))
            )
        }
        let patch = try Self.document(request)
        if type == .apply { return try apply(patch.root, asked, request, isDryRun: isDryRun) }
        if type == .json {
            let operations: JSONPatch
            do throws(JSONPatchError) { operations = try JSONPatch(parsing: patch) } catch {
                throw .badRequest("\(error)")
            }
            return try replace(asked, isDryRun: isDryRun) { target throws(KubernetesRefusal) in
                guard let bytes = try? operations.applied(to: target), let result = try? JSONDocument(bytes)
                else {
                    throw KubernetesRefusal(response: KubernetesStatus.unprocessablePatch)
                }
                return result.root
            }
        }
        guard patch.root.isObject else { throw .badRequest("a merge patch is a JSON object") }
        return try replace(asked, isDryRun: isDryRun) { target throws(KubernetesRefusal) in
            guard let result = try? JSONDocument(MergePatch.apply(patch.root, to: target.root)) else {
                throw KubernetesRefusal(response: KubernetesStatus.unprocessablePatch)
            }
            return result.root
        }
    }

    /// Puts what `make` makes of an object in its place; again, where somebody else was faster.
    private func replace(
        _ asked: ResourceRequest,
        isDryRun: Bool,
        _ make: (JSONDocument) throws(KubernetesRefusal) -> JSONValue
    ) throws(KubernetesRefusal) -> HTTPResponse {
        let resource = asked.path.resource
        let key = asked.key
        for _ in 0..<Self.maxTries {
            let previous = try change(isDryRun: true) { store throws(ObjectStoreError) in
                try store.existing(resource, key)
            }
            guard let target = try? JSONDocument(Self.answer(previous, resource).body) else { break }
            let object = try make(target)
            let new = try change(isDryRun: isDryRun) { store throws(ObjectStoreError) -> StoredObject? in
                guard try store.existing(resource, key).resourceVersion == previous.resourceVersion else {
                    return nil
                }
                try Self.check(object, isFor: asked)
                return try store.update(
                    resource,
                    key,
                    ObjectDefaults.complete(object, resource, name: key.name)
                )
            }
            if let new { return Self.answer(new, resource) }
        }
        throw KubernetesRefusal(.conflict(resource, name: key.name, .modified))
    }

    /// Merges a configuration into the object that is there, or makes it.
    private func apply(
        _ configuration: JSONValue,
        _ asked: ResourceRequest,
        _ request: HTTPRequest,
        isDryRun: Bool
    ) throws(KubernetesRefusal) -> HTTPResponse {
        guard let manager = request.query("fieldManager"), !manager.isEmpty else {
            throw .badRequest(
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"
            )
        }
        let (resource, key, birth) = (asked.path.resource, asked.key, newBirth())
        let isForced = request.query("force") == "true"
        let text = Array(configuration.rawBytes)
        let result = try change(isDryRun: isDryRun) { store throws(ObjectStoreError) in
            try Self.check(configuration, isFor: asked)
            func complete(_ object: JSONValue) throws(ObjectStoreError) -> JSONValue {
                try ObjectDefaults.complete(object, resource, name: key.name)
            }
            guard let previous = store.object(resource, key) else {
                if let namespace = asked.path.namespace {
                    _ = try store.existing(.namespaces, StoredObject.Key(namespace: "", name: namespace))
                }
                let object = try complete(configuration)
                let new = try store.create(
                    resource,
                    in: key.namespace,
                    object,
                    birth,
                    applied: [manager: text]
                )
                return (object: new, status: 201)
            }
            var apply = ServerSideApply(previous: nil, others: [:])
            for (owner, applied) in previous.applied {
                guard let applied = try? JSONDocument(applied).root else { continue }
                if owner == manager { apply.previous = applied } else { apply.others[owner] = applied }
            }
            let conflicts = isForced ? [] : apply.conflicts(of: configuration)
            guard conflicts.isEmpty else {
                throw .applyConflict(
                    resource,
                    name: key.name,
                    conflicts.map { "\"\($0.owner)\": \($0.path)" }
                )
            }
            guard let merged = try? JSONDocument(apply.merge(configuration, into: previous.root)).root else {
                throw .malformed("the configuration cannot be merged")
            }
            let new = try store.update(
                resource,
                key,
                complete(merged),
                applied: previous.applied.merging([manager: text]) { _, new in new }
            )
            return (object: new, status: 200)
        }
        return Self.answer(result.object, resource, status: result.status)
    }

    private func delete(
        _ asked: ResourceRequest,
        _ request: HTTPRequest,
        isDryRun: Bool
    ) throws(KubernetesRefusal) -> HTTPResponse {
        let resource = asked.path.resource
        let given = request.body.isEmpty ? nil : try Self.document(request).root.present("preconditions")
        let preconditions = ObjectStore.Preconditions(
            uid: given?.present("uid")?.string(),
            resourceVersion: given?.present("resourceVersion")?.string()
        )
        let gone = try change(isDryRun: isDryRun) { store throws(ObjectStoreError) in
            try store.delete(resource, asked.key, preconditions)
        }
        return resource.traits.contains(.returnedWhenDeleted)
            ? Self.answer(gone, resource) : KubernetesStatus.success(gone, resource)
    }

    /// Deletes what a list would have; answers as that list.
    private func deleteCollection(
        _ asked: ResourceRequest,
        _ request: HTTPRequest,
        isDryRun: Bool
    ) throws(KubernetesRefusal) -> HTTPResponse {
        var query = ObjectListQuery(namespace: asked.path.namespace)
        query.selection = try ListOptions(request).selection
        let page = try change(isDryRun: isDryRun) { store throws(ObjectStoreError) in
            let page = try store.list(asked.path.resource, query)
            for object in page.objects { _ = try store.delete(asked.path.resource, object.key) }
            return page
        }
        return Self.answer(page: page, asked.path.resource, .whole)
    }

    /// Changes the objects and tells the watches; a dry run does so in a copy that is dropped.
    func change<Result: Sendable>(
        isDryRun: Bool = false,
        _ body: (inout ObjectStore) throws(ObjectStoreError) -> Result
    ) throws(KubernetesRefusal) -> Result {
        do throws(ObjectStoreError) {
            let result = try state.withLock { state throws(ObjectStoreError) in
                if isDryRun {
                    var copy = state.store
                    return try body(&copy)
                }
                return try body(&state.store)
            }
            if !isDryRun { signal.notify() }
            return result
        } catch {
            throw KubernetesRefusal(error)
        }
    }

    // MARK: What is sent

    private static func object(_ request: HTTPRequest) throws(KubernetesRefusal) -> JSONValue {
        switch request.mediaType {
        case nil, "application/json": return try document(request).root
        case ProtobufObject.mediaType:
            if let object = ProtobufObject.json(request.body) { return object }
            throw .badRequest("the object provided is not one that is read in protobuf")
        default:
            throw KubernetesRefusal(
                response: KubernetesStatus.unsupportedMediaType([
                    "application/json", ProtobufObject.mediaType,
                ])
            )
        }
    }

    private static func document(_ request: HTTPRequest) throws(KubernetesRefusal) -> JSONDocument {
        var limits = JSONLimits.standard
        limits.maxBytes = maxBodyBytes
        do throws(JSONError) {
            return try JSONDocument(request.body, limits: limits)
        } catch .tooLarge {
            throw KubernetesRefusal(
                response: KubernetesStatus.failure(
                    413,
                    "RequestEntityTooLarge",
                    "Request entity too large: limit is \(maxBodyBytes)"
                )
            )
        } catch {
            throw .badRequest("couldn't get version/kind; json parse error: \(error)")
        }
    }

    /// Checks an object's form, and that it is the one that the path names.
    private static func check(_ object: JSONValue, isFor asked: ResourceRequest) throws(ObjectStoreError) {
        try ObjectValidation.check(asked.path.resource, object)
        let metadata = object.present("metadata")
        if let namespace = metadata?.present("namespace")?.string(), !namespace.isEmpty,
            namespace != asked.key.namespace
        {
            throw .malformed(
                "the namespace of the provided object does not match the namespace sent on the request"
            )
        }
        if let name = asked.path.name, let given = metadata?.present("name")?.string(), given != name {
            throw .malformed("the name of the object (\(given)) does not match the name on the URL (\(name))")
        }
    }
}
