import GTokenCore
import GTokenNet

/// How objects are answered: whole, or their metadata alone.
enum ObjectForm {
    case whole
    case metadata

    /// The first form of an `Accept` field that is made here; `nil` where there is none.
    ///
    /// Tables, which kubectl would rather have, are not made; it takes what comes next in its list. Source:
    /// Kubernetes, "Resources in the API" (alternate representations).
    init?(accept: String?) {
        for entry in (accept ?? "*/*").split(separator: ",") {
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let type = parts.first, ["application/json", "application/*", "*/*"].contains(type) else {
                continue
            }
            let parameters = parts.dropFirst()
            guard let form = parameters.first(where: { $0.hasPrefix("as=") }) else {
                self = .whole
                return
            }
            guard parameters.contains("g=meta.k8s.io"), parameters.contains("v=v1"),
                form == "as=PartialObjectMetadata" || form == "as=PartialObjectMetadataList"
            else { continue }
            self = .metadata
            return
        }
        return nil
    }

    func apiVersion(_ resource: KubernetesResource) -> String {
        self == .whole ? resource.apiVersion : "meta.k8s.io/v1"
    }

    func kind(_ resource: KubernetesResource) -> String {
        self == .whole ? resource.kind : "PartialObjectMetadata"
    }

    /// An object that stands for itself, with its kind.
    func write(_ object: StoredObject, _ resource: KubernetesResource, to writer: inout JSONWriter) {
        writer.object { root in
            root.member("kind", kind(resource))
            root.member("apiVersion", apiVersion(resource))
            for member in object.root.members where self == .whole || member.name == "metadata" {
                root.member(member.name) { $0.raw(member.value.rawBytes) }
            }
        }
    }

    /// An object of a list, which says for all of them what kind they are.
    func writeItem(_ object: StoredObject, _ resource: KubernetesResource, to writer: inout JSONWriter) {
        switch self {
        case .whole: writer.raw(object.json)
        case .metadata: write(object, resource, to: &writer)
        }
    }

    /// A bookmark: an object of the kind with nothing but the version.
    func writeBookmark(_ version: Int, _ resource: KubernetesResource, to writer: inout JSONWriter) {
        writer.object { root in
            root.member("kind", kind(resource))
            root.member("apiVersion", apiVersion(resource))
            root.member("metadata") { metadata in
                metadata.object {
                    $0.member("resourceVersion", String(version))
                    $0.member("creationTimestamp") { $0.null() }
                }
            }
        }
    }
}
