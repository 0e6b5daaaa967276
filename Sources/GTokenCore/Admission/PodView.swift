/// What the injection rules read of a Pod: places in its JSON, found in one walk over it.
struct PodView {
    /// Whether there is an object for annotations to be added to.
    private(set) var hasMetadata = false
    /// A string that is not empty.
    private(set) var name: JSONPlace?
    private(set) var annotations: JSONPlace?
    /// Whether it has the annotation of Pods that a kubelet made from a file (Kubernetes, "Create static Pods").
    private(set) var isMirror = false
    /// Whether some of its annotations are ours, and whether the one that we write is among them.
    private(set) var hasSettings = false
    private(set) var hasStatus = false
    /// The label that opts out, whatever it says.
    private(set) var ignoreLabel: JSONPlace?
    private(set) var serviceAccountName: JSONPlace?
    /// Whether containers of the Pod are started again whatever they end with.
    private(set) var restartsAlways = true
    private(set) var usesHostNetwork = false
    private(set) var isWindows = false
    private(set) var containers: [ContainerView] = []
    private(set) var initContainers: [ContainerView] = []
    private(set) var hasInitContainers = false
    private(set) var volumes: JSONPlace?

    /// The most containers that are injected: the half of what etcd takes (1.5 MiB) holds as many mounts and
    /// environments, so a Pod with more could hardly be stored, but would cost us a hundred times its size.
    static let maxContainers = 1000

    /// Whether there are more than are injected.
    var hasTooManyContainers: Bool { containers.count + initContainers.count > Self.maxContainers }

    /// The Pod's name where it is not of the length that AWS takes for a session's name: 2 to 64 characters.
    func nameUnfitForSession(_ bytes: Span<UInt8>) -> String? {
        guard let name else { return nil }
        let (end, hasEscapes) = JSONScan.stringEnd(bytes, name.offset)
        if !hasEscapes, 2...64 ~= end - name.offset - 2 { return nil }
        let text = JSONText.decode(bytes, name.offset..<end, hasEscapes: hasEscapes)
        return 2...64 ~= text.utf8.count ? nil : text
    }

    init(_ pod: JSONPlace, _ bytes: Span<UInt8>, _ list: Span<JSONContainer>) throws(MalformedPod) {
        var read = ReadOnce()
        var walk = JSONWalk(pod, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, list) {
            if member.isNamed("metadata", bytes) {
                try read.note(0)
                guard let metadata = try Self.object(member.value, bytes) else { continue }
                hasMetadata = true
                try readMetadata(metadata, bytes, list)
            } else if member.isNamed("spec", bytes) {
                try read.note(1)
                guard let spec = try Self.object(member.value, bytes) else { continue }
                try readSpec(spec, bytes, list)
            }
        }
    }

    private mutating func readMetadata(
        _ metadata: JSONPlace,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(MalformedPod) {
        var read = ReadOnce()
        var walk = JSONWalk(metadata, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, list) {
            if member.isNamed("name", bytes) {
                try read.note(0)
                name = try Self.string(member.value, bytes)
            } else if member.isNamed("annotations", bytes) {
                try read.note(1)
                annotations = try Self.object(member.value, bytes)
                if let annotations { readAnnotations(annotations, bytes, list) }
            } else if member.isNamed("labels", bytes) {
                try read.note(2)
                guard let labels = try Self.object(member.value, bytes) else { continue }
                ignoreLabel = JSONWalk.member("admission.gtoken/ignore", of: labels, bytes, list)
            }
        }
        if let name, JSONText.isString(bytes, at: name.offset, "") { self.name = nil }
    }

    private mutating func readAnnotations(
        _ annotations: JSONPlace,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) {
        var walk = JSONWalk(annotations, kind: .openBrace, bytes)
        while let annotation = walk.nextMember(bytes, list) {
            if JSONText.hasPrefix(bytes, at: annotation.name.lowerBound, "admission.gtoken/") {
                hasSettings = true
                if annotation.isNamed("admission.gtoken/status", bytes) { hasStatus = true }
            } else if annotation.isNamed("kubernetes.io/config.mirror", bytes) {
                isMirror = true
            }
        }
    }

    private mutating func readSpec(
        _ spec: JSONPlace,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(MalformedPod) {
        var read = ReadOnce()
        var walk = JSONWalk(spec, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, list) {
            let value = member.value
            if member.isNamed("containers", bytes) {
                try read.note(0)
                containers = try Self.containers(value, bytes, list) ?? []
            } else if member.isNamed("initContainers", bytes) {
                try read.note(1)
                let views = try Self.containers(value, bytes, list)
                hasInitContainers = views != nil
                initContainers = views ?? []
            } else if member.isNamed("volumes", bytes) {
                try read.note(2)
                volumes = try Self.array(value, bytes)
            } else if member.isNamed("restartPolicy", bytes) {
                try read.note(3)
                let policy = try Self.string(value, bytes)
                restartsAlways = policy.map { JSONText.isString(bytes, at: $0.offset, "Always") } ?? true
            } else if member.isNamed("hostNetwork", bytes) {
                try read.note(4)
                usesHostNetwork = bytes[value.offset] == UInt8(ascii: "t")
            } else if member.isNamed("nodeSelector", bytes) {
                try read.note(5)
                isWindows = isWindows || Self.isWindows(value, "kubernetes.io/os", bytes, list)
            } else if member.isNamed("os", bytes) {
                try read.note(6)
                isWindows = isWindows || Self.isWindows(value, "name", bytes, list)
            } else if member.isNamed("serviceAccountName", bytes) {
                try read.note(7)
                serviceAccountName = value
            }
        }
    }

    private static func isWindows(
        _ object: JSONPlace,
        _ name: StaticString,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) -> Bool {
        guard let system = JSONWalk.member(name, of: object, bytes, list) else { return false }
        return JSONText.isString(bytes, at: system.offset, "windows")
    }

    private static func containers(
        _ value: JSONPlace,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(MalformedPod) -> [ContainerView]? {
        guard let array = try array(value, bytes) else { return nil }
        var walk = JSONWalk(array, kind: .openBracket, bytes)
        // Counted first, which steps over each: one allocation, however many there are.
        var count = 0
        var counting = walk
        while count <= maxContainers, counting.nextElement(bytes, list) != nil { count += 1 }
        var views: [ContainerView] = []
        views.reserveCapacity(count)
        while let element = walk.nextElement(bytes, list) {
            views.append(try ContainerView(element, bytes, list))
            // More are not injected, so there is no need to hold them.
            if views.count > maxContainers { break }
        }
        return views
    }

    /// The string itself; `nil` for null.
    static func string(_ value: JSONPlace, _ bytes: Span<UInt8>) throws(MalformedPod) -> JSONPlace? {
        try value.unlessNull(bytes, beginsWith: .quote)
    }

    /// The object itself; `nil` for null.
    static func object(_ value: JSONPlace, _ bytes: Span<UInt8>) throws(MalformedPod) -> JSONPlace? {
        try value.unlessNull(bytes, beginsWith: .openBrace)
    }

    /// The array itself; `nil` for null.
    static func array(_ value: JSONPlace, _ bytes: Span<UInt8>) throws(MalformedPod) -> JSONPlace? {
        try value.unlessNull(bytes, beginsWith: .openBracket)
    }
}

extension JSONPlace {
    fileprivate func unlessNull(
        _ bytes: Span<UInt8>,
        beginsWith first: UInt8
    ) throws(MalformedPod) -> JSONPlace? {
        if bytes[offset] == first { return self }
        guard bytes[offset] == UInt8(ascii: "n") else { throw MalformedPod() }
        return nil
    }
}

/// What the injection rules read of one container.
struct ContainerView {
    private var name: JSONPlace?
    private(set) var environment: JSONPlace?
    private(set) var volumeMounts: JSONPlace?
    private(set) var command: JSONPlace?
    private(set) var hasEnvFrom = false
    private(set) var restartsAlways = false

    init(
        _ container: JSONPlace,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>
    ) throws(MalformedPod) {
        guard bytes[container.offset] == .openBrace else { throw MalformedPod() }
        var read = ReadOnce()
        var walk = JSONWalk(container, kind: .openBrace, bytes)
        while let member = walk.nextMember(bytes, list) {
            let value = member.value
            if member.isNamed("name", bytes) {
                try read.note(0)
                name = try PodView.string(value, bytes)
            } else if member.isNamed("env", bytes) {
                try read.note(1)
                environment = try PodView.array(value, bytes)
            } else if member.isNamed("volumeMounts", bytes) {
                try read.note(2)
                volumeMounts = try PodView.array(value, bytes)
            } else if member.isNamed("command", bytes) {
                try read.note(3)
                command = try PodView.array(value, bytes)
            } else if member.isNamed("envFrom", bytes) {
                try read.note(4)
                var sources = JSONWalk(value, kind: .openBracket, bytes)
                hasEnvFrom = sources.nextElement(bytes, list) != nil
            } else if member.isNamed("restartPolicy", bytes) {
                try read.note(5)
                restartsAlways = JSONText.isString(bytes, at: value.offset, "Always")
            }
        }
    }

    /// The container's name; empty where it has none.
    func name(_ bytes: Span<UInt8>) -> String {
        name.flatMap { JSONText.string(bytes, at: $0.offset) } ?? ""
    }

    /// Whether the container has this name.
    func isNamed(_ text: StaticString, _ bytes: Span<UInt8>) -> Bool {
        name.map { JSONText.isString(bytes, at: $0.offset, text) } ?? false
    }
}

/// A Pod with a field of another type than the API's, or one that stands twice: readers differ in which they
/// believe, the patch's among them.
///
/// The API server refuses it after us, in its own words.
struct MalformedPod: Error, Equatable {}

/// Notes which members of an object have been read.
private struct ReadOnce {
    private var bits: UInt16 = 0

    mutating func note(_ number: UInt16) throws(MalformedPod) {
        guard bits & 1 << number == 0 else { throw MalformedPod() }
        bits |= 1 << number
    }
}
