/// Builds the operations that inject into one Pod, leaving out what is there already.
struct PodPatch {
    /// The shapes that injection takes.
    enum Form {
        case nativeSidecar, pair, initOnly
    }

    private(set) var operations: [JSONPatchOperation] = []
    private(set) var warnings: [String] = []
    private let pod: PodView
    private let configuration: InjectionConfiguration
    private let container: InjectedContainer
    private let form: Form

    private static let spec = JSONPointer(["spec"])
    private static let statusKey = "admission.gtoken/status"

    init(
        _ pod: PodView,
        _ configuration: InjectionConfiguration,
        _ container: InjectedContainer,
        _ form: Form
    ) {
        self.pod = pod
        self.configuration = configuration
        self.container = container
        self.form = form
    }

    /// Adds everything that the Pod lacks.
    ///
    /// The user's containers come first, at the places they were sent at; what shifts places comes after.
    mutating func inject(_ environment: InjectedEnvironment) throws(Collision) {
        try equip(pod.containers, "containers", environment)
        try equip(pod.initContainers, "initContainers", environment)
        try addVolume()
        addContainers()
    }

    /// Notes on the Pod that it was injected, and by which version; nothing is decided from it.
    mutating func noteStatus() {
        let path = JSONPointer(["metadata", "annotations"])
        guard pod.annotations?[Self.statusKey] == nil else { return }
        var status = JSONWriter()
        status.value("injected by \(configuration.version)")
        guard pod.annotations == nil else {
            return operations.append(.add(path.appending(Self.statusKey), value: status.bytes))
        }
        var annotations = JSONWriter()
        annotations.object { $0.member(Self.statusKey) { $0.raw(status.bytes) } }
        guard !pod.hasMetadata else {
            return operations.append(.add(path, value: annotations.bytes))
        }
        var metadata = JSONWriter()
        metadata.object { $0.member("annotations") { $0.raw(annotations.bytes) } }
        operations.append(.add(JSONPointer(["metadata"]), value: metadata.bytes))
    }

    private mutating func equip(
        _ containers: [ContainerView],
        _ list: String,
        _ environment: InjectedEnvironment
    ) throws(Collision) {
        for (index, view) in containers.enumerated() {
            if [InjectedContainer.initName, InjectedContainer.sidecarName].contains(view.name) {
                // What writes the first token and ends is an init container or nothing of ours.
                let isInPlace = list == "initContainers" || view.name == InjectedContainer.sidecarName
                guard isInPlace, container.isOurs(view) else {
                    throw Collision(what: "container \"\(view.name)\"")
                }
                continue
            }
            guard !container.hasForeignMount(view) else {
                throw Collision(
                    what: "the mount at \(configuration.volumePath) in container \"\(view.shownName)\""
                )
            }
            let path = Self.spec.appending(list).appending(index)
            if !container.hasMount(view) {
                append(
                    [container.readOnlyMount],
                    to: path.appending("volumeMounts"),
                    exists: view.volumeMounts != nil
                )
            }
            let (missing, notes) = environment.additions(to: view)
            append(missing, to: path.appending("env"), exists: view.environment != nil)
            warnings += notes
        }
    }

    private mutating func addVolume() throws(Collision) {
        let own = pod.volumes?.elements.first { $0["name"]?.isString(configuration.volumeName) == true }
        if let own {
            guard container.isOurVolume(own) else {
                throw Collision(what: "volume \"\(configuration.volumeName)\"")
            }
        } else {
            append([container.volume], to: Self.spec.appending("volumes"), exists: pod.volumes != nil)
        }
    }

    private mutating func addContainers() {
        let hasFirst = pod.initContainers.contains { $0.name == InjectedContainer.initName }
        let native = pod.initContainers.firstIndex { $0.name == InjectedContainer.sidecarName }
        let hasSidecar = pod.containers.contains { $0.name == InjectedContainer.sidecarName }
        if let native {
            // Something that does not know native sidecars may have dropped what makes it one.
            if !pod.initContainers[native].restartsAlways {
                let path = Self.spec.appending("initContainers").appending(native).appending("restartPolicy")
                operations.append(.add(path, value: Array(#""Always""#.utf8)))
            }
            return
        }
        // One name stands once in a Pod: where the pair's half is, its other half belongs.
        switch hasSidecar ? .pair : form {
        case .nativeSidecar:
            if !hasFirst { insertFirst(container.nativeSidecar) }
        case .pair:
            if !hasSidecar { operations.append(.add(Self.containersEnd, value: container.sidecar)) }
            if !hasFirst { insertFirst(container.initContainer) }
        case .initOnly:
            if !hasFirst { insertFirst(container.initContainer) }
            // First, because only so many are shown.
            warnings.insert(
                "the AWS role works for one hour in this Pod: this cluster has no native sidecars",
                at: 0
            )
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
    var what: String

    var description: String { "\(what) stands where gtoken's would" }
}
