/// What the injection rules read of a Pod: places in its JSON, found in one walk over it.
struct PodView {
    /// Whether there is an object for annotations to be added to.
    var hasMetadata = false
    var name: String?
    var annotations: JSONValue?
    var labels: JSONValue?
    var restartPolicy = "Always"
    var usesHostNetwork = false
    var isWindows = false
    var containers: [ContainerView] = []
    var initContainers: [ContainerView] = []
    var hasInitContainers = false
    var volumes: JSONValue?

    /// The most containers that are injected: the half of what etcd takes (1.5 MiB) holds as many mounts and
    /// environments, so a Pod with more could hardly be stored, but would cost us a hundred times its size.
    static let maxContainers = 1000

    /// Whether there are more than are injected.
    var hasTooManyContainers: Bool { containers.count + initContainers.count > Self.maxContainers }

    /// The names of all containers that are there, as they were sent.
    var containerNames: Set<String> { Set((containers + initContainers).map(\.name)) }

    /// - Throws: ``PodViewError`` for a field of another type than the API's, or one that stands twice.
    init(_ pod: JSONValue) throws(PodViewError) {
        var read = ReadOnce()
        for member in pod.members {
            if member.isNamed("metadata") {
                try read.note(0, "metadata")
                guard let metadata = try Self.container(member.value, isArray: false, "metadata") else {
                    continue
                }
                hasMetadata = true
                try readMetadata(metadata)
            } else if member.isNamed("spec") {
                try read.note(1, "spec")
                guard let spec = try Self.container(member.value, isArray: false, "spec") else { continue }
                try readSpec(spec)
            }
        }
    }

    private mutating func readMetadata(_ metadata: JSONValue) throws(PodViewError) {
        var read = ReadOnce()
        for member in metadata.members {
            if member.isNamed("name") {
                try read.note(0, "metadata.name")
                name = try Self.text(member.value, "metadata.name")
            } else if member.isNamed("annotations") {
                try read.note(1, "metadata.annotations")
                annotations = try Self.container(member.value, isArray: false, "metadata.annotations")
            } else if member.isNamed("labels") {
                try read.note(2, "metadata.labels")
                labels = try Self.container(member.value, isArray: false, "metadata.labels")
            }
        }
        if name == "" { name = nil }
    }

    private mutating func readSpec(_ spec: JSONValue) throws(PodViewError) {
        var read = ReadOnce()
        for member in spec.members {
            let value = member.value
            if member.isNamed("containers") {
                try read.note(0, "spec.containers")
                containers = try Self.containers(value, "spec.containers") ?? []
            } else if member.isNamed("initContainers") {
                try read.note(1, "spec.initContainers")
                let list = try Self.containers(value, "spec.initContainers")
                hasInitContainers = list != nil
                initContainers = list ?? []
            } else if member.isNamed("volumes") {
                try read.note(2, "spec.volumes")
                volumes = try Self.container(value, isArray: true, "spec.volumes")
            } else if member.isNamed("restartPolicy") {
                try read.note(3, "spec.restartPolicy")
                restartPolicy = try Self.text(value, "spec.restartPolicy") ?? "Always"
            } else if member.isNamed("hostNetwork") {
                try read.note(4, "spec.hostNetwork")
                usesHostNetwork = value.boolean() ?? false
            } else if member.isNamed("nodeSelector") {
                try read.note(5, "spec.nodeSelector")
                isWindows = isWindows || value["kubernetes.io/os"]?.isString("windows") ?? false
            } else if member.isNamed("os") {
                try read.note(6, "spec.os")
                isWindows = isWindows || value["name"]?.isString("windows") ?? false
            }
        }
    }

    private static func containers(
        _ value: JSONValue,
        _ field: String
    ) throws(PodViewError) -> [ContainerView]? {
        guard let list = try container(value, isArray: true, field) else { return nil }
        var views: [ContainerView] = []
        for element in list.elements {
            views.append(try ContainerView(element, "\(field)[\(views.count)]"))
            // More are not injected, so there is no need to hold them.
            if views.count > maxContainers { break }
        }
        return views
    }

    /// The text of a string; `nil` for null.
    static func text(_ value: JSONValue, _ field: @autoclosure () -> String) throws(PodViewError) -> String? {
        if value.isNull { return nil }
        guard let text = value.string() else { throw .wrongType(field()) }
        return text
    }

    /// The array or object itself; `nil` for null.
    static func container(
        _ value: JSONValue,
        isArray: Bool,
        _ field: @autoclosure () -> String
    ) throws(PodViewError) -> JSONValue? {
        if value.isNull { return nil }
        guard isArray ? value.isArray : value.isObject else { throw .wrongType(field()) }
        return value
    }
}

/// What the injection rules read of one container.
struct ContainerView {
    var name = ""
    var environment: JSONValue?
    var volumeMounts: JSONValue?
    var command: JSONValue?
    var hasEnvFrom = false
    var restartsAlways = false

    init(_ container: JSONValue, _ field: String) throws(PodViewError) {
        guard container.isObject else { throw .wrongType(field) }
        var read = ReadOnce()
        for member in container.members {
            let value = member.value
            if member.isNamed("name") {
                try read.note(0, "\(field).name")
                name = try PodView.text(value, "\(field).name") ?? ""
            } else if member.isNamed("env") {
                try read.note(1, "\(field).env")
                environment = try PodView.container(value, isArray: true, "\(field).env")
            } else if member.isNamed("volumeMounts") {
                try read.note(2, "\(field).volumeMounts")
                volumeMounts = try PodView.container(value, isArray: true, "\(field).volumeMounts")
            } else if member.isNamed("command") {
                try read.note(3, "\(field).command")
                command = try PodView.container(value, isArray: true, "\(field).command")
            } else if member.isNamed("envFrom") {
                try read.note(4, "\(field).envFrom")
                hasEnvFrom = !value.isNull && value.elements.contains { _ in true }
            } else if member.isNamed("restartPolicy") {
                try read.note(5, "\(field).restartPolicy")
                restartsAlways = value.isString("Always")
            }
        }
    }
}

/// A Pod that cannot be read; the API server refuses it after us, in its own words.
enum PodViewError: Error, Equatable {
    /// A field of another type than the API's.
    case wrongType(String)
    /// A field that stands twice: readers differ in which they believe, the patch's among them.
    case duplicate(String)
}

/// Notes which members of an object have been read.
private struct ReadOnce {
    private var bits: UInt16 = 0

    mutating func note(_ number: UInt16, _ field: @autoclosure () -> String) throws(PodViewError) {
        guard bits & 1 << number == 0 else { throw .duplicate(field()) }
        bits |= 1 << number
    }
}
