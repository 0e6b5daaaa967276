/// What the operator decided, and what of it stands in a patch, written once.
final class RenderedPieces: Sendable {
    let configuration: InjectionConfiguration
    /// The volume of identity `google`.
    let volume: TokenVolume
    /// What writes the token of most Pods of that identity; `nil` while no image is configured.
    let containers: TokenContainers?
    /// The note on an injected Pod; the same in a Pod without annotations, and in one without metadata.
    let status: [UInt8]
    let annotations: [UInt8]
    let metadata: [UInt8]

    init(_ configuration: InjectionConfiguration) {
        self.configuration = configuration
        volume = TokenVolume(configuration, source: .memory(sizeLimit: configuration.volumeSize))
        containers = TokenContainers(
            configuration,
            volume,
            audience: configuration.audience,
            configuration.resources
        )
        var writer = JSONWriter()
        writer.value("injected by \(configuration.version)")
        status = writer.bytes
        annotations = Self.object(PodSettings.statusKey, status)
        metadata = Self.object("annotations", annotations)
    }

    private static func object(_ name: String, _ value: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { $0.member(name) { $0.raw(value) } }
        return writer.bytes
    }
}
