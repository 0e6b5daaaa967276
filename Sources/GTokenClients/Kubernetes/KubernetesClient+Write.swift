package import GTokenCore

extension KubernetesClient {
    /// Makes an object in a collection; the object as the server made it.
    ///
    /// - Throws: ``KubernetesError``; ``KubernetesError/conflict`` when there is one of its name.
    package func create(
        _ object: [UInt8],
        in collection: KubernetesPath,
        timeout: Duration
    ) async throws(KubernetesError) -> JSONDocument {
        try await write("POST", collection, object, timeout: timeout)
    }

    /// Puts a whole object in the place of the one at `path`; the object as it is now.
    ///
    /// - Throws: ``KubernetesError``; ``KubernetesError/conflict`` when the object's `resourceVersion` is not the
    ///   last one.
    package func replace(
        _ path: KubernetesPath,
        with object: [UInt8],
        timeout: Duration
    ) async throws(KubernetesError) -> JSONDocument {
        try await write("PUT", path, object, timeout: timeout)
    }

    /// Changes the object at `path` by a JSON Patch (RFC 6902); the object as it is now.
    ///
    /// - Throws: ``KubernetesError``; ``KubernetesError/conflict`` also when one of the patch's tests fails, which
    ///   an API server answers with `422`.
    package func patch(
        _ path: KubernetesPath,
        with patch: JSONPatch,
        timeout: Duration
    ) async throws(KubernetesError) -> JSONDocument {
        let type = "application/json-patch+json"
        do throws(KubernetesError) {
            return try await write("PATCH", path, patch.encoded, type, timeout: timeout)
        } catch .refused(status: 422, let reason) where reason.isEmpty || reason == "Invalid" {
            guard patch.operations.contains(where: { $0.name == "test" }) else {
                throw .refused(status: 422, reason: reason)
            }
            throw .conflict
        }
    }

    private func write(
        _ method: String,
        _ path: KubernetesPath,
        _ body: [UInt8],
        _ contentType: String = "application/json",
        timeout: Duration
    ) async throws(KubernetesError) -> JSONDocument {
        var request = KubernetesRequest(path: path, timeout: timeout)
        request.method = method
        request.body = body
        request.contentType = contentType
        return try await document(of: request)
    }
}
