package import GTokenCore
private import GTokenNet
/// What is listed and watched: the objects of a collection, or those of them that a selector picks.
package struct KubernetesSelection: Sendable {
    /// The collection.
    package var path: KubernetesPath
    /// Only the object of this name; a watch of one object needs no right to the others.
    package var name: String?
    /// Whether metadata is enough.
    package var isMetadataOnly: Bool

    /// A selection.
    package init(_ path: KubernetesPath, name: String? = nil, isMetadataOnly: Bool = false) {
        self.path = path
        self.name = name
        self.isMetadataOnly = isMetadataOnly
    }

    fileprivate var query: HTTPForm {
        var query = HTTPForm()
        if let name { query["fieldSelector"] = "metadata.name=\(name)" }
        return query
    }
}

/// A part of a list.
package struct KubernetesPage: Sendable {
    /// The objects.
    package let items: [JSONValue]
    /// Where a watch of everything that was listed begins.
    package let resourceVersion: String
    /// What asks for the next part; empty after the last.
    package let nextPage: String
}

extension KubernetesClient {
    /// A part of a list; `nextPage` is what the part before says.
    ///
    /// - Throws: ``KubernetesError``; ``KubernetesError/expired`` when the list took too long and has to begin anew.
    package func page(
        of selection: KubernetesSelection,
        limit: Int,
        nextPage: String = "",
        timeout: Duration
    ) async throws(KubernetesError) -> KubernetesPage {
        var request = KubernetesRequest(path: selection.path, query: selection.query, timeout: timeout)
        if selection.isMetadataOnly {
            request.accept = KubernetesRequest.metadata("PartialObjectMetadataList")
        }
        request.query["limit"] = "\(limit)"
        if !nextPage.isEmpty { request.query["continue"] = nextPage }
        let root = try await document(of: request).root
        guard let metadata = root["metadata"], let version = metadata["resourceVersion"]?.string(),
            let items = root["items"], items.isArray || items.isNull
        else { throw .malformedAnswer }
        return KubernetesPage(
            items: Array(items.elements),
            resourceVersion: version,
            nextPage: metadata["continue"]?.string() ?? ""
        )
    }

    /// Begins to watch what happens to the selected objects after `resourceVersion`.
    ///
    /// The server is asked to end the watch after `life`; `silence` is how long it may say nothing, bookmarks
    /// included. `timeout` is for the beginning of its answer.
    ///
    /// - Throws: ``KubernetesError``; ``KubernetesError/expired`` when the version is no longer remembered.
    package func watch(
        _ selection: KubernetesSelection,
        from resourceVersion: String,
        life: Duration,
        silence: Duration,
        timeout: Duration
    ) async throws(KubernetesError) -> KubernetesWatch {
        var request = KubernetesRequest(path: selection.path, query: selection.query, timeout: timeout)
        if selection.isMetadataOnly { request.accept = KubernetesRequest.metadata("PartialObjectMetadata") }
        request.query["watch"] = "true"
        request.query["allowWatchBookmarks"] = "true"
        request.query["resourceVersion"] = resourceVersion
        request.query["timeoutSeconds"] = "\(life.components.seconds)"
        return KubernetesWatch(try await stream(of: request, idleTimeout: silence))
    }
}
