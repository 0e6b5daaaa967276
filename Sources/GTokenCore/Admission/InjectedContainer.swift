/// The containers and the volume that we add to a Pod, and how they are known again.
///
/// They meet Pod Security `restricted` whatever the Pod says: `runAsUser` is set because the kubelet refuses
/// `runAsNonRoot` with an inherited `runAsUser: 0`.
struct InjectedContainer {
    private let configuration: InjectionConfiguration
    private let image: String
    private let audience: String?

    static let initName = "generate-gcp-id-token"
    static let sidecarName = "update-gcp-id-token"
    static let binary = "/gtoken"
    /// The user of our images; any number but 0 will do, this one is what others call "nonroot".
    static let userID = 65532
    /// Longer than gtoken's own patience with a metadata server that is starting (60 s and one request), so
    /// that its words reach the log before the kubelet ends it.
    static let startupSeconds = 120

    init(_ configuration: InjectionConfiguration, image: String, audience: String?) {
        self.configuration = configuration
        self.image = image
        self.audience = audience
    }

    /// The volume: memory, so that the token is on no disk; a token is 1 to 4 KB, twice that while it is
    /// being replaced, and the limit counts towards the containers' memory.
    var volume: [UInt8] {
        var writer = JSONWriter()
        writer.object { volume in
            volume.member("name", configuration.volumeName)
            volume.member("emptyDir") { source in
                source.object {
                    $0.member("medium", "Memory")
                    $0.member("sizeLimit", configuration.volumeSize)
                }
            }
        }
        return writer.bytes
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

    /// The init container that writes the first token and ends.
    var initContainer: [UInt8] { container(Self.initName, refreshes: false) { _ in } }

    /// The ordinary container that keeps the token fresh.
    var sidecar: [UInt8] { container(Self.sidecarName, refreshes: true) { _ in } }

    /// The init container that goes on beside the others; the next one starts when the token is there.
    var nativeSidecar: [UInt8] {
        container(Self.sidecarName, refreshes: true) { container in
            container.member("restartPolicy", "Always")
            // It is also what makes the API server refuse the Pod, instead of it hanging, when something
            // strips the restartPolicy: an init container that ends may have no startupProbe.
            container.member("startupProbe") { probe in
                probe.object {
                    $0.member("exec") { exec in
                        exec.object {
                            $0.member("command") {
                                let file = "--file=\(configuration.tokenPath)".literalInContainer
                                Self.write([Self.binary, "check", file], to: &$0)
                            }
                        }
                    }
                    $0.member("periodSeconds", 1)
                    $0.member("timeoutSeconds", 5)
                    $0.member("failureThreshold", Self.startupSeconds)
                }
            }
        }
    }

    private func container(
        _ name: String,
        refreshes: Bool,
        _ more: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var arguments = ["--file=\(configuration.tokenPath)", "--refresh=\(refreshes)"]
        if let audience { arguments.append("--audience=\(audience)") }
        var writer = JSONWriter()
        writer.object { container in
            container.member("name", name)
            container.member("image", image)
            container.member("imagePullPolicy", configuration.imagePullPolicy)
            container.member("command") { Self.write([Self.binary], to: &$0) }
            container.member("args") { Self.write(arguments.map(\.literalInContainer), to: &$0) }
            more(&container)
            container.member("resources") { resources in
                resources.object {
                    for kind in ["requests", "limits"] { $0.member(kind, quantities) }
                }
            }
            container.member("volumeMounts") { mounts in
                mounts.array { $0.object { writeMount(to: &$0) } }
            }
            container.member("securityContext", Self.securityContext)
            container.member("terminationMessagePolicy", "FallbackToLogsOnError")
        }
        return writer.bytes
    }

    private func quantities(_ writer: inout JSONWriter) {
        writer.object {
            $0.member("cpu", configuration.cpu)
            $0.member("memory", configuration.memory)
        }
    }

    private func writeMount(to mount: inout JSONWriter) {
        mount.member("name", configuration.volumeName)
        mount.member("mountPath", configuration.volumePath)
    }

    private static func securityContext(_ writer: inout JSONWriter) {
        writer.object {
            $0.member("allowPrivilegeEscalation", false)
            $0.member("capabilities") { $0.object { $0.member("drop") { write(["ALL"], to: &$0) } } }
            $0.member("privileged", false)
            $0.member("readOnlyRootFilesystem", true)
            $0.member("runAsGroup", userID)
            $0.member("runAsNonRoot", true)
            $0.member("runAsUser", userID)
            $0.member("seccompProfile") { $0.object { $0.member("type", "RuntimeDefault") } }
        }
    }

    private static func write(_ texts: [String], to writer: inout JSONWriter) {
        writer.array { array in
            for text in texts { array.value(text) }
        }
    }
}

extension InjectedContainer {
    /// Whether a container with a name of ours is ours: it runs our binary and has our volume at our path.
    func isOurs(_ container: ContainerView) -> Bool {
        guard container.command?.elements.first(where: { _ in true })?.isString(Self.binary) == true else {
            return false
        }
        return hasMount(container)
    }

    /// Whether a container has our volume at our path.
    func hasMount(_ container: ContainerView) -> Bool {
        container.volumeMounts?.elements.contains { mount in
            mount["name"]?.isString(configuration.volumeName) == true && isOurPath(mount)
        } ?? false
    }

    /// Whether a container has another volume at our path.
    func hasForeignMount(_ container: ContainerView) -> Bool {
        container.volumeMounts?.elements.contains { mount in
            mount["name"]?.isString(configuration.volumeName) != true && isOurPath(mount)
        } ?? false
    }

    /// Whether a volume with our name is ours: in memory.
    func isOurVolume(_ volume: JSONValue) -> Bool {
        volume["emptyDir"]?["medium"]?.isString("Memory") ?? false
    }

    private func isOurPath(_ mount: JSONValue) -> Bool {
        guard let path = mount["mountPath"] else { return false }
        return path.isString(configuration.volumePath) || path.isString(configuration.volumePath + "/")
    }
}
