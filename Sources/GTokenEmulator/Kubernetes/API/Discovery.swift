import GTokenCore
import GTokenNet

/// What the server says it has: `/api`, `/apis` and below.
enum Discovery {
    /// Whether a path, in its segments, is one of discovery.
    static func has(_ segments: [String]) -> Bool {
        switch segments.count {
        case 1: segments[0] == "api" || segments[0] == "apis"
        case 2:
            segments == ["api", "v1"]
                || segments[0] == "apis" && KubernetesResource.groups.contains(segments[1])
        case 3: KubernetesResource.all.contains { $0.basePath == segments }
        default: false
        }
    }

    static func answer(_ segments: [String]) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { root in
            switch segments {
            case ["api"]:
                root.member("kind", "APIVersions")
                root.member("versions") { $0.array { $0.value("v1") } }
            case ["apis"]:
                root.member("kind", "APIGroupList")
                root.member("apiVersion", "v1")
                root.member("groups") { groups in
                    groups.array { groups in
                        for group in KubernetesResource.groups { groups.object { write(group, to: &$0) } }
                    }
                }
            case _ where segments.count == 2 && segments[0] == "apis":
                root.member("kind", "APIGroup")
                root.member("apiVersion", "v1")
                write(segments[1], to: &root)
            default: writeResources(segments, to: &root)
            }
        }
        return .json(writer.bytes)
    }

    private static func write(_ group: String, to object: inout JSONWriter) {
        func version(_ writer: inout JSONWriter) {
            writer.object {
                $0.member("groupVersion", "\(group)/v1")
                $0.member("version", "v1")
            }
        }
        object.member("name", group)
        object.member("versions") { $0.array(version) }
        object.member("preferredVersion", version)
    }

    private static func writeResources(_ basePath: [String], to root: inout JSONWriter) {
        root.member("kind", "APIResourceList")
        root.member("apiVersion", "v1")
        root.member("groupVersion", basePath.dropFirst().joined(separator: "/"))
        root.member("resources") { list in
            list.array { list in
                for resource in KubernetesResource.all where resource.basePath == basePath {
                    list.object { write(resource, to: &$0) }
                }
            }
        }
    }

    private static func write(_ resource: KubernetesResource, to object: inout JSONWriter) {
        object.member("name", resource.plural)
        object.member("singularName", resource.kind.lowercased())
        object.member("namespaced", resource.isNamespaced)
        object.member("kind", resource.kind)
        object.member("verbs") { verbs in
            verbs.array { verbs in
                for verb in [
                    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
                ] {
                    verbs.value(verb)
                }
            }
        }
        guard !resource.shortNames.isEmpty else { return }
        object.member("shortNames") { names in
            names.array { names in
                for name in resource.shortNames { names.value(name) }
            }
        }
    }
}
