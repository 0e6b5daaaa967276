/// The containers that run gtoken in a Pod of identity `google`, written for a patch.
final class TokenContainers: Sendable {
    /// The init container that writes the first token and ends.
    let initContainer: [UInt8]
    /// The ordinary container that keeps the token fresh.
    let sidecar: [UInt8]
    /// The init container that goes on beside the others.
    let nativeSidecar: [UInt8]

    /// The containers as the operator has them, but for the audience and for what each may use; `nil` while there is no
    /// image.
    init?(
        _ configuration: InjectionConfiguration,
        _ volume: TokenVolume,
        audience: String?,
        _ resources: ContainerResources
    ) {
        guard let image = configuration.image else { return nil }
        let container = TokenContainer(
            volume: volume,
            image: image,
            imagePullPolicy: configuration.imagePullPolicy,
            audience: audience,
            resources: resources
        )
        initContainer = container.initContainer
        sidecar = container.sidecar
        nativeSidecar = container.nativeSidecar
    }
}

/// One container that runs gtoken, and how it is known again.
///
/// It meets Pod Security `restricted` whatever the Pod says: `runAsUser` is set because the kubelet refuses
/// `runAsNonRoot` with an inherited `runAsUser: 0`.
struct TokenContainer {
    let volume: TokenVolume
    let image: String
    let imagePullPolicy: String
    let audience: String?
    let resources: ContainerResources

    static let initName: StaticString = "generate-gcp-id-token"
    static let sidecarName: StaticString = "update-gcp-id-token"
    private static let binary: StaticString = "/gtoken"
    /// The user of our images; any number but 0 will do, this one is what others call "nonroot".
    private static let userID = 65532
    /// Longer than gtoken's own patience with a metadata server that is starting (60 s and one request), so
    /// that its words reach the log before the kubelet ends it.
    private static let startupSeconds = 120

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
                                let file = "--file=\(volume.tokenPath)".literalInContainer
                                Self.write(["\(Self.binary)", "check", file], to: &$0)
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
        _ name: StaticString,
        refreshes: Bool,
        _ more: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var arguments = ["--file=\(volume.tokenPath)", "--refresh=\(refreshes)"]
        if let audience { arguments.append("--audience=\(audience)") }
        var writer = JSONWriter()
        writer.object { container in
            container.member("name", "\(name)")
            container.member("image", image)
            container.member("imagePullPolicy", imagePullPolicy)
            container.member("command") { Self.write(["\(Self.binary)"], to: &$0) }
            container.member("args") { Self.write(arguments.map(\.literalInContainer), to: &$0) }
            more(&container)
            container.member("resources", resources.write)
            container.member("volumeMounts") { mounts in
                mounts.array { $0.object { volume.writeMount(to: &$0) } }
            }
            container.member("securityContext", Self.securityContext)
            container.member("terminationMessagePolicy", "FallbackToLogsOnError")
        }
        return writer.bytes
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

extension TokenContainer {
    /// Whether a container has a name of ours.
    static func hasOurName(_ container: ContainerView, _ bytes: Span<UInt8>) -> Bool {
        isInit(container, bytes) || isSidecar(container, bytes)
    }

    /// Whether a container has the name of the one that writes the first token.
    static func isInit(_ container: ContainerView, _ bytes: Span<UInt8>) -> Bool {
        container.isNamed(initName, bytes)
    }

    /// Whether a container has the name of the one that keeps the token fresh.
    static func isSidecar(_ container: ContainerView, _ bytes: Span<UInt8>) -> Bool {
        container.isNamed(sidecarName, bytes)
    }

    /// Whether a container with a name of ours is ours: it runs our binary and has our volume at our path.
    static func isOurs(
        _ container: ContainerView,
        with volume: TokenVolume,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) -> Bool {
        guard let command = container.command else { return false }
        var words = JSONWalk(command, kind: .openBracket, bytes)
        guard let first = words.nextElement(bytes, list) else { return false }
        return JSONText.isString(bytes, at: first.offset, binary)
            && volume.mounts(of: container, bytes, list).contains(.ours)
    }
}
