import GTokenCore
import GTokenNet

extension AuthorityRecord {
    /// A Secret of this name that holds the record, to be made.
    func secret(named name: String, in namespace: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { secret in
            secret.member("apiVersion", "v1")
            secret.member("kind", "Secret")
            secret.member("metadata") { metadata in
                metadata.object { metadata in
                    metadata.member("name", name)
                    metadata.member("namespace", namespace)
                    metadata.member("labels") { labels in
                        labels.object { labels in
                            labels.member("app.kubernetes.io/name", "gtoken")
                            labels.member("app.kubernetes.io/component", "webhook")
                            labels.member("app.kubernetes.io/managed-by", "gtoken-webhook")
                        }
                    }
                    if let time = retiredUntil {
                        metadata.member("annotations") { annotations in
                            annotations.object {
                                $0.member(StoredAuthority.retiredUntilAnnotation, time.rfc3339)
                            }
                        }
                    }
                }
            }
            secret.member("type", "Opaque")
            secret.member("data") { $0.raw(data) }
        }
        return writer.bytes
    }

    /// The Secret with the record in place of what it held: what others wrote beside our data stays, and so does the
    /// `resourceVersion` that the server compares.
    ///
    /// - Throws: ``JSONPatchError`` where the document is no object with metadata.
    func secret(replacing old: JSONDocument) throws(JSONPatchError) -> [UInt8] {
        let metadata = JSONPointer(["metadata"])
        let annotations = metadata.appending("annotations")
        let annotation = annotations.appending(StoredAuthority.retiredUntilAnnotation)
        var patch = JSONPatch([.add(JSONPointer(["data"]), value: data)])
        if let retiredUntil {
            if old.root.value(at: annotations)?.isObject != true {
                patch.operations.append(.add(annotations, value: Array("{}".utf8)))
            }
            var writer = JSONWriter()
            writer.value(retiredUntil.rfc3339)
            patch.operations.append(.add(annotation, value: writer.bytes))
        } else if old.root.value(at: annotation) != nil {
            patch.operations.append(.remove(annotation))
        }
        return try patch.applied(to: old)
    }

    private var data: [UInt8] {
        var writer = JSONWriter()
        writer.object { data in
            func add(_ field: String, _ bytes: [UInt8]) { data.member(field, Base64.encode(bytes)) }
            add(StoredAuthority.Field.certificate, current.certificatePEM)
            add(StoredAuthority.Field.key, current.privateKeyPEM)
            if let next {
                add(StoredAuthority.Field.nextCertificate, next.certificatePEM)
                add(StoredAuthority.Field.nextKey, next.privateKeyPEM)
            }
            if !retired.isEmpty { add(StoredAuthority.Field.retired, retired.flatMap(\.pem)) }
        }
        return writer.bytes
    }
}
