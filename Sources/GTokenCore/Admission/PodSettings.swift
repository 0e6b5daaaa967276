/// What a Pod's own annotations ask of its injection.
///
/// The image is not among them: many charts let people choose annotations who may not choose containers.
struct PodSettings {
    /// The names of containers that get neither the token nor the environment.
    private(set) var skippedContainers: Set<String> = []
    private(set) var sidecar: Sidecar?
    /// What an injected container may use, where the Pod says something of it.
    private(set) var resources: ContainerResources?
    /// What means nothing and was left aside, each a line.
    private(set) var warnings: [String] = []

    /// The forms of injection that a Pod may choose.
    enum Sidecar: String, CaseIterable {
        case native
        case container
        case initOnly = "init-only"
    }

    /// What our annotations and labels on Pods start with.
    static let prefix = "admission.gtoken/"
    /// The annotation that we write; nothing is decided from it.
    static let statusKey = prefix + "status"
    /// The label that opts out.
    private static let ignoreKey = prefix + "ignore"
    /// The annotation of Pods that a kubelet made from a file (Kubernetes, "Create static Pods").
    private static let mirrorKey = "kubernetes.io/config.mirror"

    /// The most bytes that all annotations of an object may have together (`TotalAnnotationSizeLimitB` of
    /// k8s.io/apimachinery); a Pod with more is refused, so nothing of ours is read from it.
    private static let maxBytes = 256 << 10

    /// Reads the annotations of a Pod.
    init(
        _ pod: borrowing PodView,
        _ bytes: Span<UInt8>,
        _ list: Span<JSONContainer>,
        _ pieces: RenderedPieces
    ) {
        if pod.hasSettings, let annotations = pod.annotations {
            var walk = JSONWalk(annotations, kind: .openBrace, bytes)
            while let annotation = walk.nextMember(bytes, list) {
                guard JSONText.hasPrefix(bytes, at: annotation.name.lowerBound, "admission.gtoken/") else {
                    continue
                }
                read(annotation, bytes, pieces.configuration)
            }
        }
        if let label = pod.ignoreLabel,
            !JSONText.isString(bytes, at: label.offset, "true"),
            !JSONText.isString(bytes, at: label.offset, "false")
        {
            warnings.append(WarningText.line("label \(Self.ignoreKey): expected \"true\" or \"false\""))
        }
    }

    private mutating func read(
        _ annotation: JSONItem,
        _ bytes: Span<UInt8>,
        _ configuration: InjectionConfiguration
    ) {
        let key = JSONText.decode(bytes, annotation.name, hasEscapes: annotation.nameHasEscapes)
        // The API server refuses an annotation that is no string.
        guard let text = JSONText.string(bytes, at: annotation.value.offset),
            text.utf8.count <= Self.maxBytes
        else { return }
        switch key {
        case Self.statusKey: break
        case Self.prefix + "skip-containers":
            let names = text.split { $0 == "," || $0 == " " }
            skippedContainers.formUnion(names.map(String.init))
        case Self.prefix + "sidecar":
            sidecar = Sidecar(rawValue: text)
            if sidecar == nil {
                let words = Sidecar.allCases.map { "\"\($0.rawValue)\"" }
                leaveAside(key, expected: words.joined(separator: " or "))
            }
        case Self.prefix + "cpu":
            if let cpu = quantity(text, key, configuration.cpuBounds) {
                resources = resources ?? configuration.resources
                resources?.cpu = cpu
            }
        case Self.prefix + "memory":
            if let memory = quantity(text, key, configuration.memoryBounds) {
                resources = resources ?? configuration.resources
                resources?.memory = memory
            }
        default: warnings.append(WarningText.line("Pod annotation \(key.shownInWarning) means nothing"))
        }
    }

    private mutating func quantity(
        _ text: String,
        _ key: String,
        _ bounds: ResourceBounds
    ) -> ResourceQuantity? {
        if let quantity = ResourceQuantity(parsing: text), bounds.contains(quantity) { return quantity }
        leaveAside(key, expected: "a quantity from \(bounds.minimum) to \(bounds.maximum)")
        return nil
    }

    private mutating func leaveAside(_ key: String, expected: String) {
        warnings.append(WarningText.line("Pod annotation \(key): expected \(expected)"))
    }
}

extension PodSettings {
    /// Why a Pod is left as it is, whoever it runs as; `nil` for most.
    static func exemption(of pod: borrowing PodView, _ bytes: Span<UInt8>) -> InjectionDecision.Reason? {
        if pod.isMirror { return .mirrorPod }
        guard let label = pod.ignoreLabel else { return nil }
        return JSONText.isString(bytes, at: label.offset, "true") ? .optedOut : nil
    }

    /// The same for a Pod of which not everything can be read.
    static func exemption(of pod: JSONValue) -> InjectionDecision.Reason? {
        let metadata = pod["metadata"]
        if metadata?["annotations"]?[mirrorKey] != nil { return .mirrorPod }
        return metadata?["labels"]?[ignoreKey]?.isString("true") == true ? .optedOut : nil
    }
}
