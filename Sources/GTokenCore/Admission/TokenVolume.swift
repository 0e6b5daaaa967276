/// The volume that the token is in, its mount in the user's containers, and how both are known again.
final class TokenVolume: Sendable {
    let name: String
    /// Where it is mounted, without a slash at the end.
    let path: String
    /// The token's file in the volume.
    let file: String
    /// The token's path in a container.
    let tokenPath: String
    /// The volume as it stands in a Pod.
    let json: [UInt8]
    /// What adds the mount to a container, from the container's path on: to the mounts that it has, or as its first.
    let addedMount: (toOthers: [UInt8], asFirst: [UInt8])
    let source: Source

    enum Source {
        /// Memory, so that the token is on no disk; what is in it counts as memory of the Pod's containers.
        case memory(sizeLimit: String)
        /// A token that the kubelet keeps fresh.
        case projected(audience: String, expirationSeconds: Int)
    }

    /// The volume that the operator names.
    init(_ configuration: InjectionConfiguration, source: Source) {
        name = configuration.volumeName
        path = configuration.volumePath
        file = configuration.tokenFile
        tokenPath = configuration.tokenPath
        self.source = source
        json = Self.json(name: name, file: file, source)
        var mount = JSONWriter()
        mount.object {
            Self.writeMount(to: &$0, name: configuration.volumeName, path: configuration.volumePath)
            $0.member("readOnly", true)
        }
        addedMount = (
            toOthers: Array(#"/volumeMounts/-","value":"#.utf8) + mount.bytes + [.closeBrace],
            asFirst: Array(#"/volumeMounts","value":["#.utf8) + mount.bytes + [.closeBracket, .closeBrace]
        )
    }

    /// The token's path as a program on Windows reads it: the kubelet mounts on the system's drive.
    var windowsTokenPath: String {
        "C:" + String(decoding: tokenPath.utf8.map { $0 == .slash ? .backslash : $0 }, as: UTF8.self)
    }

    private static func json(name: String, file: String, _ source: Source) -> [UInt8] {
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
                                $0.object { write(to: &$0, audience, expirationSeconds, file) }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func write(
        to source: inout JSONWriter,
        _ audience: String,
        _ expirationSeconds: Int,
        _ file: String
    ) {
        source.member("serviceAccountToken") { token in
            token.object {
                $0.member("audience", audience)
                $0.member("expirationSeconds", expirationSeconds)
                $0.member("path", file)
            }
        }
    }

    /// The members of a mount that can be written to.
    func writeMount(to mount: inout JSONWriter) { Self.writeMount(to: &mount, name: name, path: path) }

    private static func writeMount(to mount: inout JSONWriter, name: String, path: String) {
        mount.member("name", name)
        mount.member("mountPath", path)
    }
}

extension TokenVolume {
    /// Whether a volume with our name is ours: in memory, or with a token for the same audience in the same file.
    ///
    /// How large it may be and how long the token lives are its owner's to say.
    func isOurs(_ volume: JSONPlace, _ bytes: Span<UInt8>, _ list: Span<JSONContainer>) -> Bool {
        switch source {
        case .memory:
            guard let emptyDir = JSONWalk.member("emptyDir", of: volume, bytes, list),
                let medium = JSONWalk.member("medium", of: emptyDir, bytes, list)
            else { return false }
            return JSONText.isString(bytes, at: medium.offset, "Memory")
        case .projected(let audience, _):
            guard let projected = JSONWalk.member("projected", of: volume, bytes, list),
                let sources = JSONWalk.member("sources", of: projected, bytes, list)
            else { return false }
            var walk = JSONWalk(sources, kind: .openBracket, bytes)
            while let source = walk.nextElement(bytes, list) {
                guard let token = JSONWalk.member("serviceAccountToken", of: source, bytes, list),
                    let path = JSONWalk.member("path", of: token, bytes, list),
                    let own = JSONWalk.member("audience", of: token, bytes, list)
                else { continue }
                if JSONText.isString(bytes, at: path.offset, file),
                    JSONText.isString(bytes, at: own.offset, audience)
                {
                    return true
                }
            }
            return false
        }
    }

    /// What of ours, or in the place of ours, a container has mounted.
    func mounts(
        of container: ContainerView,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) -> Mounts {
        var mounts: Mounts = []
        guard let array = container.volumeMounts else { return mounts }
        var walk = JSONWalk(array, kind: .openBracket, bytes)
        while let mount = walk.nextElement(bytes, list) {
            guard isAtOurPath(mount, bytes, list) else { continue }
            mounts.insert(isNamed(mount, bytes, list) ? .ours : .another)
        }
        return mounts
    }

    /// What stands at our path in a container.
    struct Mounts: OptionSet {
        let rawValue: UInt8
        /// Our volume.
        static let ours = Mounts(rawValue: 1)
        /// Another volume.
        static let another = Mounts(rawValue: 2)
    }

    /// Whether a volume or mount has our volume's name.
    func isNamed(_ object: JSONPlace, _ bytes: Span<UInt8>, _ list: Span<JSONContainer>) -> Bool {
        guard let own = JSONWalk.member("name", of: object, bytes, list) else { return false }
        return JSONText.isString(bytes, at: own.offset, name)
    }

    private func isAtOurPath(_ mount: JSONPlace, _ bytes: Span<UInt8>, _ list: Span<JSONContainer>) -> Bool {
        guard let place = JSONWalk.member("mountPath", of: mount, bytes, list),
            bytes[place.offset] == .quote
        else { return false }
        let (end, hasEscapes) = JSONScan.stringEnd(bytes, place.offset)
        if hasEscapes {
            let text = JSONText.decode(bytes, place.offset..<end, hasEscapes: true)
            return text.utf8.elementsEqual(path.utf8) || text.utf8.elementsEqual((path + "/").utf8)
        }
        // One slash at the end makes no difference, and ours has none.
        let last = bytes[end - 2] == .slash ? end - 2 : end - 1
        return JSONText.equals(path, bytes, from: place.offset + 1, to: last, hasEscapes: false)
    }
}
