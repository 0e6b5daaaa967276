import GTokenCore
import GTokenNet
import GTokenRuntime

/// Reading: one object, and lists.
extension KubernetesEmulator {
    func get(_ asked: ResourceRequest, _ request: HTTPRequest) -> HTTPResponse {
        guard let form = ObjectForm(accept: request.headers["Accept"]) else {
            return KubernetesStatus.notAcceptable
        }
        let resource = asked.path.resource
        guard let object = state.withLock({ $0.store.object(resource, asked.key) }) else {
            return KubernetesStatus.of(.notFound(resource, name: asked.key.name))
        }
        return Self.answer(object, resource, form)
    }

    static func answer(
        _ object: StoredObject,
        _ resource: KubernetesResource,
        _ form: ObjectForm = .whole,
        status: Int = 200
    ) -> HTTPResponse {
        var writer = JSONWriter()
        form.write(object, resource, to: &writer)
        return .json(writer.bytes, status: status)
    }

    func list(_ asked: ResourceRequest, _ request: HTTPRequest) -> HTTPResponse {
        guard let form = ObjectForm(accept: request.headers["Accept"]) else {
            return KubernetesStatus.notAcceptable
        }
        let options: ListOptions
        do throws(KubernetesRefusal) { options = try ListOptions(request) } catch { return error.response }
        var query = ObjectListQuery(namespace: asked.path.namespace)
        query.selection = options.selection
        query.limit = options.limit
        query.start = options.continuation?.start
        query.version = options.continuation?.version
        if options.isExact, options.continuation == nil { query.version = Int(options.resourceVersion) }
        let page: Result<ObjectPage, ObjectStoreError> = state.withLock { state in
            Result { () throws(ObjectStoreError) in try state.store.list(asked.path.resource, query) }
        }
        switch page {
        case .success(let page): return Self.answer(page: page, asked.path.resource, form)
        case .failure(.expired):
            guard let continuation = options.continuation else {
                return KubernetesStatus.failure(
                    410,
                    "Expired",
                    "The resourceVersion for the provided list is too old."
                )
            }
            return KubernetesStatus.listExpired(continuation)
        case .failure(let error): return KubernetesStatus.of(error)
        }
    }

    static func answer(
        page: ObjectPage,
        _ resource: KubernetesResource,
        _ form: ObjectForm
    ) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { root in
            root.member("kind", form.kind(resource) + "List")
            root.member("apiVersion", form.apiVersion(resource))
            root.member("metadata") { metadata in
                metadata.object { metadata in
                    metadata.member("resourceVersion", String(page.resourceVersion))
                    guard let next = page.next else { return }
                    metadata.member(
                        "continue",
                        Continuation(version: page.resourceVersion, start: next).token
                    )
                    if let remaining = page.remaining { metadata.member("remainingItemCount", remaining) }
                }
            }
            root.member("items") { items in
                items.array { items in
                    for object in page.objects { form.writeItem(object, resource, to: &items) }
                }
            }
        }
        return .json(writer.bytes)
    }
}
