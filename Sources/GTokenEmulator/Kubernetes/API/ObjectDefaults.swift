import GTokenCore

/// What the server adds to new and changed objects of some kinds.
enum ObjectDefaults {
    /// The object with what was left out.
    ///
    /// - Throws: ``ObjectStoreError/malformed(_:)`` for a Secret whose data is not base64.
    static func complete(
        _ object: JSONValue,
        _ resource: KubernetesResource,
        name: String
    ) throws(ObjectStoreError) -> JSONValue {
        switch resource {
        case .secrets: try secret(object)
        case .namespaces: merged(object, namespace(name))
        default: object
        }
    }

    /// `stringData` is written to `data` and never read; the type is `Opaque` unless given.
    private static func secret(_ object: JSONValue) throws(ObjectStoreError) -> JSONValue {
        for member in object.present("data")?.members ?? JSONValue.empty.members where !member.value.isNull {
            guard member.value.string().flatMap({ Base64.decode($0) }) != nil else {
                throw .malformed(
                    "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data in data"
                )
            }
        }
        var patch = JSONWriter()
        patch.object { patch in
            if object.present("type") == nil { patch.member("type", "Opaque") }
            guard let texts = object.present("stringData"), texts.isObject else { return }
            patch.member("stringData") { $0.null() }
            patch.member("data") { data in
                data.object { data in
                    for member in texts.members {
                        data.member(member.name, Base64.encode(Array((member.value.string() ?? "").utf8)))
                    }
                }
            }
        }
        return merged(object, patch)
    }

    private static func namespace(_ name: String) -> JSONWriter {
        var patch = JSONWriter()
        patch.object { patch in
            patch.member("metadata") { metadata in
                metadata.object { metadata in
                    metadata.member("labels") {
                        $0.object { $0.member("kubernetes.io/metadata.name", name) }
                    }
                }
            }
            patch.member("spec") { spec in
                spec.object { $0.member("finalizers") { $0.array { $0.value("kubernetes") } } }
            }
            patch.member("status") { $0.object { $0.member("phase", "Active") } }
        }
        return patch
    }

    private static func merged(_ object: JSONValue, _ patch: JSONWriter) -> JSONValue {
        // Invariant: what a writer wrote, and a merge of two documents, is JSON.
        guard let patch = try? JSONDocument(patch.bytes).root,
            let result = try? JSONDocument(MergePatch.apply(patch, to: object)).root
        else { return object }
        return result
    }
}
