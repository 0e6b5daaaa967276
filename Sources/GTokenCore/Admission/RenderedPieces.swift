/// What is the same for most Pods of a cluster, as it stands in a patch: written once.
final class RenderedPieces: Sendable {
    /// The token's path in the user's containers, except on Windows.
    let tokenPath: String
    /// The mount in the user's containers.
    let mount: [UInt8]
    /// The note on an injected Pod; the same in a Pod without annotations, and in one without metadata.
    let status: [UInt8]
    let annotations: [UInt8]
    let metadata: [UInt8]
    private let volume: TokenVolume
    private let volumeJSON: [UInt8]
    private let container: TokenContainer?
    private let initContainer: [UInt8]
    private let sidecar: [UInt8]
    private let nativeSidecar: [UInt8]

    init(_ configuration: InjectionConfiguration) {
        volume = TokenVolume(configuration, source: .memory(sizeLimit: configuration.volumeSize))
        volumeJSON = volume.json
        tokenPath = volume.tokenPath
        mount = volume.readOnlyMount
        var writer = JSONWriter()
        writer.value("injected by \(configuration.version)")
        status = writer.bytes
        annotations = Self.object(PodSettings.statusKey, status)
        metadata = Self.object("annotations", annotations)
        container = configuration.image.map { [volume] in TokenContainer(configuration, volume, image: $0) }
        initContainer = container?.initContainer ?? []
        sidecar = container?.sidecar ?? []
        nativeSidecar = container?.nativeSidecar ?? []
    }

    private static func object(_ name: String, _ value: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { $0.member(name) { $0.raw(value) } }
        return writer.bytes
    }

    func json(of volume: TokenVolume) -> [UInt8] { volume == self.volume ? volumeJSON : volume.json }

    func initContainer(_ container: TokenContainer) -> [UInt8] {
        container == self.container ? initContainer : container.initContainer
    }

    func sidecar(_ container: TokenContainer) -> [UInt8] {
        container == self.container ? sidecar : container.sidecar
    }

    func nativeSidecar(_ container: TokenContainer) -> [UInt8] {
        container == self.container ? nativeSidecar : container.nativeSidecar
    }
}
