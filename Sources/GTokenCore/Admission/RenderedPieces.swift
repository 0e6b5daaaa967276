/// What is the same for most Pods of a cluster, as it stands in a patch: written once.
final class RenderedPieces: Sendable {
    /// The mount in the user's containers.
    let mount: [UInt8]
    private let volume: TokenVolume
    private let volumeJSON: [UInt8]
    private let container: TokenContainer?
    private let initContainer: [UInt8]
    private let sidecar: [UInt8]
    private let nativeSidecar: [UInt8]

    init(_ configuration: InjectionConfiguration) {
        volume = TokenVolume(configuration, source: .memory(sizeLimit: configuration.volumeSize))
        volumeJSON = volume.json
        mount = volume.readOnlyMount
        container = configuration.image.map { [volume] in TokenContainer(configuration, volume, image: $0) }
        initContainer = container?.initContainer ?? []
        sidecar = container?.sidecar ?? []
        nativeSidecar = container?.nativeSidecar ?? []
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
