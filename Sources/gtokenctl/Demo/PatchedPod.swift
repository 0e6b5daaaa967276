import GTokenCore

/// A Pod after the webhook's patch, read as a kubelet would.
struct PatchedPod {
    let pod: JSONValue
    /// What was known of it before.
    let origin: DemoPod

    /// The containers that a kubelet starts before the user's, in order.
    var initContainers: [JSONValue] { elements(pod["spec"]?["initContainers"]) }

    /// The user's container.
    var application: JSONValue? { elements(pod["spec"]?["containers"]).first }

    /// The Pod's volumes.
    var volumes: [JSONValue] { elements(pod["spec"]?["volumes"]) }

    /// The command line of a container, its program being the image's.
    func commandLine(of container: JSONValue) -> [String] {
        ["command", "args"].flatMap { texts(container[$0]) }
    }

    /// The command of a container's startup probe.
    func startupProbe(of container: JSONValue) -> [String] {
        texts(container["startupProbe"]?["exec"]?["command"])
    }

    /// A container's environment with references to the Pod's own fields resolved.
    func environment(of container: JSONValue) -> [(name: String, value: String)] {
        elements(container["env"]).compactMap { entry in
            guard let name = entry["name"]?.string() else { return nil }
            if let value = entry["value"]?.string() { return (name, value) }
            switch entry["valueFrom"]?["fieldRef"]?["fieldPath"]?.string() {
            case "metadata.name": return (name, origin.generatedName)
            case "metadata.namespace": return (name, origin.account.namespace)
            default: return nil
            }
        }
    }

    /// The tokens that a kubelet writes for a container.
    func projectedTokens(of container: JSONValue) -> [ProjectedToken] {
        elements(container["volumeMounts"]).flatMap { mount -> [ProjectedToken] in
            guard let name = mount["name"]?.string(), let folder = mount["mountPath"]?.string(),
                let volume = volumes.first(where: { $0["name"]?.isString(name) == true })
            else { return [] }
            return elements(volume["projected"]?["sources"]).compactMap { source in
                guard let token = source["serviceAccountToken"], let path = token["path"]?.string()
                else { return nil }
                return ProjectedToken(
                    volume: volume,
                    file: "\(folder)/\(path)",
                    audience: token["audience"]?.string(),
                    expirationSeconds: token["expirationSeconds"]?.integer()
                )
            }
        }
    }

    private func elements(_ list: JSONValue?) -> [JSONValue] { (list?.elements).map(Array.init) ?? [] }

    private func texts(_ list: JSONValue?) -> [String] { elements(list).compactMap { $0.string() } }
}

/// A token that a projected volume asks for.
struct ProjectedToken {
    /// The volume that it is in.
    var volume: JSONValue
    /// Where a container finds it.
    var file: String
    /// Whom it is for; `nil` for the API server.
    var audience: String?
    /// How long it is to live; `nil` for the API's default.
    var expirationSeconds: Int64?
}
