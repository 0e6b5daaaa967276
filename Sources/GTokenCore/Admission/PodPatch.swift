/// Builds the operations that inject into one Pod, leaving out what is there already.
struct PodPatch {
    private(set) var operations: [JSONPatchOperation] = []
    private(set) var warnings: [String] = []
    private let pod: PodView
    private let token: PodToken
    private let skipped: Set<String>
    private var volume: TokenVolume { token.volume }

    private static let spec = JSONPointer(["spec"])

    init(_ pod: PodView, _ token: PodToken, skipping skipped: Set<String>) {
        self.pod = pod
        self.token = token
        self.skipped = skipped
    }

    /// Adds everything that the Pod lacks; false where no container is to have the token.
    ///
    /// The user's containers come first, at the places they were sent at; what shifts places comes after.
    mutating func inject(_ environment: InjectedEnvironment) throws(Collision) -> Bool {
        let count =
            try equip(pod.containers, "containers", environment)
            + equip(pod.initContainers, "initContainers", environment)
        guard count > 0 else { return false }
        warnings += skipped.subtracting(pod.containerNames).sorted().map {
            "skip-containers: there is no container \"\($0.shownInWarning)\""
        }
        try addVolume()
        if let writer = token.writer { add(writer) }
        return true
    }

    /// Notes on the Pod that it was injected, and by which version; nothing is decided from it.
    mutating func noteStatus(version: String) {
        let path = JSONPointer(["metadata", "annotations"])
        guard pod.annotations?[PodSettings.statusKey] == nil else { return }
        var status = JSONWriter()
        status.value("injected by \(version)")
        guard pod.annotations == nil else {
            return operations.append(.add(path.appending(PodSettings.statusKey), value: status.bytes))
        }
        var annotations = JSONWriter()
        annotations.object { $0.member(PodSettings.statusKey) { $0.raw(status.bytes) } }
        guard !pod.hasMetadata else {
            return operations.append(.add(path, value: annotations.bytes))
        }
        var metadata = JSONWriter()
        metadata.object { $0.member("annotations") { $0.raw(annotations.bytes) } }
        operations.append(.add(JSONPointer(["metadata"]), value: metadata.bytes))
    }

    /// Gives the token to the user's containers of one list; how many there are.
    private mutating func equip(
        _ containers: [ContainerView],
        _ list: String,
        _ environment: InjectedEnvironment
    ) throws(Collision) -> Int {
        var count = 0
        for (index, container) in containers.enumerated() {
            if try isOurs(container, in: list) || skipped.contains(container.name) { continue }
            count += 1
            guard !volume.isDisplaced(in: container) else {
                throw Collision(
                    "the mount at \(volume.path) in container \"\(container.name.shownInWarning)\""
                )
            }
            let path = Self.spec.appending(list).appending(index)
            if !volume.isMounted(in: container) {
                append(
                    [volume.readOnlyMount],
                    to: path.appending("volumeMounts"),
                    exists: container.volumeMounts != nil
                )
            }
            let (missing, notes) = environment.additions(to: container)
            append(missing, to: path.appending("env"), exists: container.environment != nil)
            warnings += notes
        }
        return count
    }

    /// Whether a container is one of those that write the token.
    private func isOurs(_ container: ContainerView, in list: String) throws(Collision) -> Bool {
        guard let writer = token.writer, TokenContainer.hasOurName(container) else { return false }
        // What writes the first token and ends is an init container or nothing of ours.
        let isInPlace = list == "initContainers" || container.name == TokenContainer.sidecarName
        guard isInPlace, writer.container.isOurs(container) else {
            throw Collision("container \"\(container.name)\"")
        }
        return true
    }

    private mutating func addVolume() throws(Collision) {
        let own = pod.volumes?.elements.first { $0["name"]?.isString(volume.name) == true }
        if let own {
            guard volume.isOurs(own) else { throw Collision("volume \"\(volume.name)\"") }
        } else {
            append([volume.json], to: Self.spec.appending("volumes"), exists: pod.volumes != nil)
        }
    }

    private mutating func add(_ writer: PodToken.Writer) {
        let hasFirst = pod.initContainers.contains { $0.name == TokenContainer.initName }
        let native = pod.initContainers.firstIndex { $0.name == TokenContainer.sidecarName }
        let hasSidecar = pod.containers.contains { $0.name == TokenContainer.sidecarName }
        if let native {
            // Something that does not know native sidecars may have dropped what makes it one.
            if !pod.initContainers[native].restartsAlways {
                let path = Self.spec.appending("initContainers").appending(native).appending("restartPolicy")
                operations.append(.add(path, value: Array(#""Always""#.utf8)))
            }
            return
        }
        // One name stands once in a Pod: where the pair's half is, its other half belongs.
        switch hasSidecar ? .pair : writer.form {
        case .nativeSidecar:
            if !hasFirst { insertFirst(writer.container.nativeSidecar) }
        case .pair:
            if !hasSidecar { operations.append(.add(Self.containersEnd, value: writer.container.sidecar)) }
            if !hasFirst { insertFirst(writer.container.initContainer) }
        case .initOnly:
            if !hasFirst { insertFirst(writer.container.initContainer) }
        }
    }

    private static let containersEnd = spec.appending("containers").appending("-")

    /// Puts a container before all other init containers, so that they have the token too.
    private mutating func insertFirst(_ json: [UInt8]) {
        let path = Self.spec.appending("initContainers")
        if pod.hasInitContainers {
            operations.append(.add(path.appending(0), value: json))
        } else {
            append([json], to: path, exists: false)
        }
    }

    /// Adds values to the end of an array, or makes the array where there is none.
    private mutating func append(_ values: [[UInt8]], to path: JSONPointer, exists: Bool) {
        guard !values.isEmpty else { return }
        guard !exists else {
            for value in values { operations.append(.add(path.appending("-"), value: value)) }
            return
        }
        var writer = JSONWriter()
        writer.array { array in
            for value in values { array.raw(value) }
        }
        operations.append(.add(path, value: writer.bytes))
    }
}

/// Something in the Pod has a name or place of ours and is not ours.
struct Collision: Error, Equatable, CustomStringConvertible {
    private let what: String

    init(_ what: String) { self.what = what }

    var description: String { "\(what) stands where gtoken's would" }
}
