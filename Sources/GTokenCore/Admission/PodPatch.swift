/// Builds the operations that inject into one Pod, leaving out what is there already.
struct PodPatch {
    private var operations: AddedOperations
    private(set) var warnings: [String] = []
    private let pod: PodView
    private let token: PodToken
    private let skipped: Set<String>
    private let pieces: RenderedPieces
    private var volume: TokenVolume { token.volume }

    private static let containers: StaticString = "/spec/containers/"
    private static let initContainers: StaticString = "/spec/initContainers/"

    init(
        _ pod: PodView,
        _ token: PodToken,
        _ environment: InjectedEnvironment,
        skipping skipped: Set<String>,
        _ pieces: RenderedPieces
    ) {
        self.pod = pod
        self.token = token
        self.skipped = skipped
        self.pieces = pieces
        // With the paths of four operations a container, and what is added once: made in one piece.
        let each = environment.json.count + pieces.mount.count + 256
        operations = AddedOperations(
            capacity: 2048 + each * (pod.containers.count + pod.initContainers.count)
        )
    }

    /// Whether there is nothing to add.
    var isEmpty: Bool { operations.isEmpty }

    /// The operations so far.
    var patch: JSONPatch { operations.patch }

    /// Adds everything that the Pod lacks; false where no container is to have the token.
    ///
    /// The user's containers come first, at the places they were sent at; what shifts places comes after.
    mutating func inject(
        _ environment: InjectedEnvironment,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(Collision) -> Bool {
        let count =
            try equip(pod.containers, areInit: false, environment, bytes, list)
            + equip(pod.initContainers, areInit: true, environment, bytes, list)
        guard count > 0 else { return false }
        if !skipped.isEmpty {
            let names = Set((pod.containers + pod.initContainers).map { $0.name(bytes) })
            warnings += skipped.subtracting(names).sorted().map {
                "skip-containers: there is no container \"\($0.shownInWarning)\""
            }
        }
        try addVolume(bytes, list)
        if let writer = token.writer { add(writer, bytes) }
        return true
    }

    /// Notes on the Pod that it was injected, and by which version; nothing is decided from it.
    mutating func noteStatus() {
        if pod.hasStatus { return }
        if pod.annotations != nil {
            let path = AddedOperations.Path(start: "/metadata/annotations/admission.gtoken~1status")
            operations.add(path, pieces.status)
        } else if pod.hasMetadata {
            operations.add(AddedOperations.Path(start: "/metadata/annotations"), pieces.annotations)
        } else {
            operations.add(AddedOperations.Path(start: "/metadata"), pieces.metadata)
        }
    }

    /// Gives the token to the user's containers of one list; how many there are.
    private mutating func equip(
        _ containers: [ContainerView],
        areInit: Bool,
        _ environment: InjectedEnvironment,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(Collision) -> Int {
        let place = areInit ? Self.initContainers : Self.containers
        var count = 0
        for (index, container) in containers.enumerated() {
            if try isOurs(container, isInit: areInit, bytes, list)
                || isSkipped(container, bytes)
            {
                continue
            }
            count += 1
            let mounts = volume.mounts(of: container, bytes, list)
            guard !mounts.contains(.another) else {
                throw Collision(
                    "the mount at \(volume.path) in container \"\(container.name(bytes).shownInWarning)\""
                )
            }
            if mounts.isEmpty {
                let path = AddedOperations.Path(start: place, index: index, field: "/volumeMounts")
                append(pieces.mount, to: path, exists: container.volumeMounts != nil)
            }
            let own = OwnVariables(container.environment, tokenPath: environment.tokenPath, bytes, list)
            let path = AddedOperations.Path(start: place, index: index, field: "/env")
            append(environment.missing(own), of: environment, to: path, container.environment != nil)
            warn(about: container, own, bytes)
        }
        return count
    }

    private func isSkipped(_ container: ContainerView, _ bytes: Span<UInt8>) -> Bool {
        !skipped.isEmpty && skipped.contains(container.name(bytes))
    }

    /// Says what the user should know about what a container has.
    private mutating func warn(about container: ContainerView, _ own: OwnVariables, _ bytes: Span<UInt8>) {
        guard own.hasStaticKey || container.hasEnvFrom else { return }
        let name = container.name(bytes).shownInWarning
        if own.hasStaticKey {
            warnings.append("container \"\(name)\" sets AWS access keys, which SDKs prefer to the role")
        }
        if container.hasEnvFrom {
            warnings.append(
                "container \"\(name)\" has envFrom; AWS access keys there would be preferred to the role"
            )
        }
    }

    /// Whether a container is one of those that write the token.
    private func isOurs(
        _ container: ContainerView,
        isInit: Bool,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(Collision) -> Bool {
        guard let writer = token.writer, TokenContainer.hasOurName(container, bytes) else { return false }
        // What writes the first token and ends is an init container or nothing of ours.
        let isInPlace = isInit || TokenContainer.isSidecar(container, bytes)
        guard isInPlace, writer.container.isOurs(container, bytes, list) else {
            throw Collision("container \"\(container.name(bytes))\"")
        }
        return true
    }

    private mutating func addVolume(_ bytes: Span<UInt8>, _ list: Span<JSONContainer>) throws(Collision) {
        if let volumes = pod.volumes {
            var walk = JSONWalk(volumes, kind: .openBracket, bytes)
            while let other = walk.nextElement(bytes, list) {
                guard volume.isNamed(other, bytes, list) else { continue }
                guard volume.isOurs(other, bytes, list) else {
                    throw Collision("volume \"\(volume.name)\"")
                }
                return
            }
        }
        let path = AddedOperations.Path(start: "/spec/volumes")
        append(pieces.json(of: volume), to: path, exists: pod.volumes != nil)
    }

    private mutating func add(_ writer: PodToken.Writer, _ bytes: Span<UInt8>) {
        var hasFirst = false
        for (index, container) in pod.initContainers.enumerated() {
            if TokenContainer.isInit(container, bytes) { hasFirst = true }
            guard TokenContainer.isSidecar(container, bytes) else { continue }
            // Something that does not know native sidecars may have dropped what makes it one.
            if !container.restartsAlways {
                let path = AddedOperations.Path(
                    start: Self.initContainers,
                    index: index,
                    field: "/restartPolicy"
                )
                operations.add(path, #""Always""#.utf8)
            }
            return
        }
        var hasSidecar = false
        for container in pod.containers where TokenContainer.isSidecar(container, bytes) { hasSidecar = true }
        // One name stands once in a Pod: where the pair's half is, its other half belongs.
        switch hasSidecar ? .pair : writer.form {
        case .nativeSidecar:
            if !hasFirst { insertFirst(pieces.nativeSidecar(writer.container)) }
        case .pair:
            if !hasSidecar {
                let path = AddedOperations.Path(start: "/spec/containers")
                operations.append(path, pieces.sidecar(writer.container))
            }
            if !hasFirst { insertFirst(pieces.initContainer(writer.container)) }
        case .initOnly:
            if !hasFirst { insertFirst(pieces.initContainer(writer.container)) }
        }
    }

    /// Puts a container before all other init containers, so that they have the token too.
    private mutating func insertFirst(_ json: [UInt8]) {
        if pod.hasInitContainers {
            operations.add(AddedOperations.Path(start: Self.initContainers, index: 0), json)
        } else {
            operations.addArray(AddedOperations.Path(start: "/spec/initContainers"), json)
        }
    }

    /// Adds a value to the end of an array, or makes the array where there is none.
    private mutating func append(_ value: [UInt8], to path: AddedOperations.Path, exists: Bool) {
        if exists { operations.append(path, value) } else { operations.addArray(path, value) }
    }

    /// The same for variables.
    private mutating func append(
        _ variables: AWSVariables,
        of environment: InjectedEnvironment,
        to path: AddedOperations.Path,
        _ exists: Bool
    ) {
        guard !variables.isEmpty else { return }
        if exists {
            for place in environment.places where variables.contains(place.variable) {
                operations.append(path, environment.json[place.range])
            }
        } else if variables == environment.all {
            operations.addArray(path, environment.json)
        } else {
            let chosen = environment.places.filter { variables.contains($0.variable) }
            let values = chosen.map { environment.json[$0.range] }
            operations.addArray(path, Array(values.joined(separator: [.comma])))
        }
    }
}

/// Something in the Pod has a name or place of ours and is not ours.
struct Collision: Error, Equatable, CustomStringConvertible {
    private let what: String

    init(_ what: String) { self.what = what }

    var description: String { "\(what) stands where gtoken's would" }
}
