import GTokenCore
import GTokenNet

/// Which objects a path is about.
struct ResourcePath: Equatable {
    var resource: KubernetesResource
    /// `nil` for all namespaces, and for objects of the cluster.
    var namespace: String?
    /// `nil` for the collection.
    var name: String?

    /// Reads the segments of a path; `nil` where it names no kind that is kept.
    init?(_ segments: [String]) {
        let rest: ArraySlice<String>
        let group: String
        switch segments.first {
        case "api" where segments.count > 2:
            group = ""
            rest = segments[2...]
        case "apis" where segments.count > 3:
            group = segments[1]
            rest = segments[3...]
        default: return nil
        }
        let version = segments[rest.startIndex - 1]
        func resource(_ plural: String, isNamespaced: Bool) -> KubernetesResource? {
            KubernetesResource.named(plural, group: group, version: version)
                .flatMap { $0.isNamespaced == isNamespaced ? $0 : nil }
        }
        let parts = Array(rest)
        if parts.count >= 3, parts[0] == "namespaces" {
            guard parts.count <= 4, let found = resource(parts[2], isNamespaced: true) else { return nil }
            self.resource = found
            namespace = parts[1]
            name = parts.count == 4 ? parts[3] : nil
        } else {
            guard parts.count <= 2,
                let found = KubernetesResource.named(parts[0], group: group, version: version),
                parts.count == 1 || !found.isNamespaced
            else { return nil }
            self.resource = found
            name = parts.count == 2 ? parts[1] : nil
        }
    }

    init(_ resource: KubernetesResource, namespace: String?, name: String?) {
        self.resource = resource
        self.namespace = namespace
        self.name = name
    }
}

/// What is asked about objects, as authorization sees it.
struct ResourceRequest {
    enum Verb: String {
        case get, list, watch, create, update, patch, delete, deletecollection
    }

    var path: ResourcePath
    var verb: Verb
    /// The subresource's name behind a slash, or nothing.
    var subresource = ""

    /// The name of the object; a list or watch of one name, by its field selector, is about that one.
    var name: String?

    var key: StoredObject.Key {
        StoredObject.Key(namespace: path.namespace ?? "", name: path.name ?? "")
    }

    init(_ path: ResourcePath, _ verb: Verb, subresource: String = "") {
        self.path = path
        self.verb = verb
        self.subresource = subresource
        name = path.name
    }

    /// What a request asks of a path; `nil` where its method is not allowed.
    init?(_ path: ResourcePath, _ request: HTTPRequest) {
        let isCollection = path.name == nil
        switch (request.method, isCollection) {
        case ("GET", false): verb = .get
        case ("GET", true): verb = Self.isWatch(request) ? .watch : .list
        case ("POST", true) where !path.resource.isNamespaced || path.namespace != nil: verb = .create
        case ("PUT", false): verb = .update
        case ("PATCH", false): verb = .patch
        case ("DELETE", false): verb = .delete
        case ("DELETE", true) where !path.resource.isNamespaced || path.namespace != nil:
            verb = .deletecollection
        default: return nil
        }
        self.path = path
        name = path.name
        if isCollection, verb != .create, let text = request.query("fieldSelector") {
            name = (try? FieldSelector(parsing: text))?.name
        }
    }

    private static func isWatch(_ request: HTTPRequest) -> Bool {
        ["true", "1"].contains(request.query("watch") ?? "")
    }
}
