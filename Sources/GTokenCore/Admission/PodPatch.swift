/// Builds the operations that inject into one Pod, leaving out what is there already.
struct PodPatch {
    private var operations: AddedOperations
    /// What the user should know, each a line.
    private(set) var warnings: [String] = []
    private let token: PodToken
    private let skipped: Set<String>
    private let environment: InjectedEnvironment
    private let pieces: RenderedPieces
    private var volume: TokenVolume { token.volume }

    init(
        for pod: borrowing PodView,
        _ token: PodToken,
        _ environment: InjectedEnvironment,
        skipping skipped: Set<String>,
        _ pieces: RenderedPieces
    ) {
        self.token = token
        self.environment = environment
        self.skipped = skipped
        self.pieces = pieces
        // What is added once, and for each container the variables, one by one, and the mount: made in one piece.
        let each = environment.maxBytes + 256
        operations = AddedOperations(
            capacity: 2048 + each * (pod.containers.count + pod.initContainers.count)
        )
    }

    /// Whether there is nothing to add.
    var isEmpty: Bool { operations.isEmpty }

    /// Takes the patch of the operations so far.
    mutating func takePatch() -> JSONPatch { operations.takePatch() }

    /// Adds everything that the Pod lacks; false where no container is to have the token.
    ///
    /// The user's containers come first, at the places they were sent at; what shifts places comes after.
    mutating func inject(
        into pod: borrowing PodView,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(Collision) -> Bool {
        let count =
            try equip(pod.containers, areInit: false, bytes, list)
            + equip(pod.initContainers, areInit: true, bytes, list)
        guard count > 0 else { return false }
        if !skipped.isEmpty {
            let names = Set((pod.containers + pod.initContainers).map { $0.name(bytes) })
            warnings += skipped.subtracting(names).sorted().map {
                WarningText.line("skip-containers: there is no container \"\($0.shownInWarning)\"")
            }
        }
        try addVolume(to: pod, bytes, list)
        if let writer = token.writer { add(writer, to: pod, bytes) }
        return true
    }

    /// Notes on the Pod that it was injected, and by which version; nothing is decided from it.
    mutating func noteStatus(on pod: borrowing PodView) {
        if pod.hasStatus { return }
        if pod.annotations != nil {
            operations.add("/metadata/annotations/admission.gtoken~1status", pieces.status)
        } else if pod.hasMetadata {
            operations.add("/metadata/annotations", pieces.annotations)
        } else {
            operations.add("/metadata", pieces.metadata)
        }
    }

    /// Gives the token to the user's containers of one list; how many there are.
    private mutating func equip(
        _ containers: [ContainerView],
        areInit: Bool,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(Collision) -> Int {
        var path = AddedOperations.ContainerPath(
            list: areInit ? .initContainers : .containers,
            index: 0
        )
        var count = 0
        for (index, container) in containers.enumerated() {
            if try isOurs(container, isInit: areInit, bytes, list)
                || isSkipped(container, bytes)
            {
                continue
            }
            count += 1
            path.index = index
            let mounts = volume.mounts(of: container, bytes, list)
            guard !mounts.contains(.another) else {
                throw Collision(
                    "the mount at \(volume.path) in container \"\(container.name(bytes).shownInWarning)\""
                )
            }
            if mounts.isEmpty {
                let added = volume.addedMount
                operations.add(to: path, container.volumeMounts == nil ? added.asFirst : added.toOthers)
            }
            let own = OwnVariables(container.environment, tokenPath: environment.tokenPath, bytes, list)
            add(environment.missing(own), to: path, isFirst: container.environment == nil)
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
            let line = WarningText.line(
                container: name,
                "sets AWS access keys, which SDKs prefer to the role"
            )
            warnings.append(line)
        }
        if container.hasEnvFrom {
            let line = WarningText.line(
                container: name,
                "has envFrom; AWS access keys there would be preferred to the role"
            )
            warnings.append(line)
        }
    }

    /// Whether a container is one of those that write the token.
    private func isOurs(
        _ container: ContainerView,
        isInit: Bool,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(Collision) -> Bool {
        guard token.writer != nil, TokenContainer.hasOurName(container, bytes) else { return false }
        // What writes the first token and ends is an init container or nothing of ours.
        let isInPlace = isInit || TokenContainer.isSidecar(container, bytes)
        guard isInPlace, TokenContainer.isOurs(container, with: volume, bytes, list) else {
            throw Collision("container \"\(container.name(bytes))\"")
        }
        return true
    }

    private mutating func addVolume(
        to pod: borrowing PodView,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(Collision) {
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
        if pod.volumes == nil {
            operations.addArray("/spec/volumes", of: volume.json)
        } else {
            operations.add("/spec/volumes/-", volume.json)
        }
    }

    private mutating func add(
        _ writer: PodToken.Writer,
        to pod: borrowing PodView,
        _ bytes: Span<UInt8>
    ) {
        var hasFirst = false
        for (index, container) in pod.initContainers.enumerated() {
            if TokenContainer.isInit(container, bytes) { hasFirst = true }
            guard TokenContainer.isSidecar(container, bytes) else { continue }
            // Something that does not know native sidecars may have dropped what makes it one.
            if !container.restartsAlways {
                let path = AddedOperations.ContainerPath(list: .initContainers, index: index)
                operations.add(to: path, #"/restartPolicy","value":"Always"}"#.utf8)
            }
            return
        }
        var hasSidecar = false
        for container in pod.containers where TokenContainer.isSidecar(container, bytes) { hasSidecar = true }
        // One name stands once in a Pod: where the pair's half is, its other half belongs.
        switch hasSidecar ? .pair : writer.form {
        case .nativeSidecar:
            if !hasFirst { insertFirst(writer.containers.nativeSidecar, in: pod) }
        case .pair:
            if !hasSidecar {
                operations.add("/spec/containers/-", writer.containers.sidecar)
            }
            if !hasFirst { insertFirst(writer.containers.initContainer, in: pod) }
        case .initOnly:
            if !hasFirst { insertFirst(writer.containers.initContainer, in: pod) }
        }
    }

    /// Puts a container before all other init containers, so that they have the token too.
    private mutating func insertFirst(_ json: [UInt8], in pod: borrowing PodView) {
        if pod.hasInitContainers {
            operations.add("/spec/initContainers/0", json)
        } else {
            operations.addArray("/spec/initContainers", of: json)
        }
    }

    /// Gives variables to a container, as its first or behind those that it has.
    private mutating func add(
        _ variables: AWSVariables,
        to path: AddedOperations.ContainerPath,
        isFirst: Bool
    ) {
        guard !variables.isEmpty else { return }
        if isFirst {
            operations.add(to: path, environment.asFirst(variables))
        } else {
            environment.forEach(of: variables) { operations.add(to: path, $0) }
        }
    }
}

/// Something in the Pod has a name or place of ours and is not ours.
struct Collision: Error, Equatable, CustomStringConvertible {
    private let what: String

    init(_ what: String) { self.what = what }

    var description: String { "\(what) stands where gtoken's would" }
}
