/// The volume that the token is in, its mount in the user's containers, and how both are known again.
struct TokenVolume {
    let name: String
    /// Where it is mounted, without a slash at the end.
    let path: String
    /// The token's file in the volume.
    let file: String
    let source: Source

    enum Source: Equatable {
        /// Memory, so that the token is on no disk; what is in it counts as memory of the Pod's containers.
        case memory(sizeLimit: String)
        /// A token that the kubelet keeps fresh.
        case projected(audience: String, expirationSeconds: Int)
    }

    /// The token's path in a container.
    var tokenPath: String { "\(path)/\(file)" }

    /// The token's path as a program on Windows reads it: the kubelet mounts on the system's drive.
    var windowsTokenPath: String {
        "C:" + String(decoding: tokenPath.utf8.map { $0 == .slash ? .backslash : $0 }, as: UTF8.self)
    }

    /// The volume as it stands in a Pod.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { volume in
            volume.member("name", name)
            switch source {
            case .memory(let sizeLimit):
                volume.member("emptyDir") { emptyDir in
                    emptyDir.object {
                        $0.member("medium", "Memory")
                        $0.member("sizeLimit", sizeLimit)
                    }
                }
            case .projected(let audience, let expirationSeconds):
                volume.member("projected") { projected in
                    projected.object {
                        $0.member("sources") { sources in
                            sources.array {
                                $0.object { write(to: &$0, audience, expirationSeconds) }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private func write(to source: inout JSONWriter, _ audience: String, _ expirationSeconds: Int) {
        source.member("serviceAccountToken") { token in
            token.object {
                $0.member("audience", audience)
                $0.member("expirationSeconds", expirationSeconds)
                $0.member("path", file)
            }
        }
    }

    /// The mount in the user's containers.
    var readOnlyMount: [UInt8] {
        var writer = JSONWriter()
        writer.object { mount in
            writeMount(to: &mount)
            mount.member("readOnly", true)
        }
        return writer.bytes
    }

    /// The members of a mount that can be written to.
    func writeMount(to mount: inout JSONWriter) {
        mount.member("name", name)
        mount.member("mountPath", path)
    }
}

extension TokenVolume {
    /// Whether a volume with our name is ours: in memory, or with a token for the same audience in the same file.
    ///
    /// How large it may be and how long the token lives are its owner's to say.
    func isOurs(_ volume: JSONValue) -> Bool {
        switch source {
        case .memory:
            volume["emptyDir"]?["medium"]?.isString("Memory") ?? false
        case .projected(let audience, _):
            volume["projected"]?["sources"]?.elements.contains { source in
                guard let token = source["serviceAccountToken"] else { return false }
                return token["path"]?.isString(file) == true && token["audience"]?.isString(audience) == true
            } ?? false
        }
    }

    /// Whether a container has our volume at our path.
    func isMounted(in container: ContainerView) -> Bool {
        container.volumeMounts?.elements.contains { isNamed($0) && isAtOurPath($0) } ?? false
    }

    /// Whether a container has another volume at our path.
    func isDisplaced(in container: ContainerView) -> Bool {
        container.volumeMounts?.elements.contains { !isNamed($0) && isAtOurPath($0) } ?? false
    }

    private func isNamed(_ mount: JSONValue) -> Bool { mount["name"]?.isString(name) == true }

    private func isAtOurPath(_ mount: JSONValue) -> Bool {
        guard let mountPath = mount["mountPath"] else { return false }
        return mountPath.isString(path) || mountPath.isString(path + "/")
    }
}
