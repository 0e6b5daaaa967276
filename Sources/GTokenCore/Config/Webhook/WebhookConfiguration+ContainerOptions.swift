extension WebhookConfiguration {
    /// The containers that run gtoken in a Pod.
    enum ContainerOptions {
        static let image = Option(
            "image",
            .image,
            environment: "GTOKEN_IMAGE",
            help: "The image of gtoken; nothing is injected while none is given"
        )
        static let pullPolicy = Option(
            "pull-policy",
            OptionKind<PullPolicy>.choice("POLICY"),
            environment: "GTOKEN_WEBHOOK_PULL_POLICY",
            default: PullPolicy.ifNotPresent.rawValue,
            help: "When the image is pulled: Always, IfNotPresent or Never"
        )
        static let sidecar = Option(
            "sidecar",
            OptionKind<InjectionConfiguration.SidecarForm>.choice("FORM"),
            environment: "GTOKEN_WEBHOOK_SIDECAR",
            default: standard.sidecar.rawValue,
            help:
                "How the token is kept fresh: native (a native sidecar), container, or auto (by the cluster)"
        )
        static let cpu = Option(
            "cpu",
            .quantity(atLeast: 0.001, such: "50m"),
            environment: "GTOKEN_WEBHOOK_CPU",
            default: standard.resources.cpu.description,
            help: "CPU of an injected container, request and limit"
        )
        static let minCPU = Option(
            "min-cpu",
            .quantity(atLeast: 0.001, such: "10m"),
            environment: "GTOKEN_WEBHOOK_MIN_CPU",
            default: standard.cpuBounds.minimum.description,
            help: "The least CPU that a Pod may ask for with the annotation admission.gtoken/cpu"
        )
        static let maxCPU = Option(
            "max-cpu",
            .quantity(atLeast: 0.001, such: "500m"),
            environment: "GTOKEN_WEBHOOK_MAX_CPU",
            default: standard.cpuBounds.maximum.description,
            help: "The most CPU that a Pod may ask for"
        )
        static let memory = Option(
            "memory",
            .quantity(atLeast: 0x1p20, such: "32Mi"),
            environment: "GTOKEN_WEBHOOK_MEMORY",
            default: standard.resources.memory.description,
            help: "Memory of an injected container, request and limit"
        )
        static let minMemory = Option(
            "min-memory",
            .quantity(atLeast: 0x1p20, such: "16Mi"),
            environment: "GTOKEN_WEBHOOK_MIN_MEMORY",
            default: standard.memoryBounds.minimum.description,
            help: "The least memory that a Pod may ask for with the annotation admission.gtoken/memory"
        )
        static let maxMemory = Option(
            "max-memory",
            .quantity(atLeast: 0x1p20, such: "256Mi"),
            environment: "GTOKEN_WEBHOOK_MAX_MEMORY",
            default: standard.memoryBounds.maximum.description,
            help: "The most memory that a Pod may ask for"
        )

        static let group = CommandSpecification.Group(
            "Injected container",
            [
                image.specification, pullPolicy.specification, sidecar.specification, cpu.specification,
                minCPU.specification, maxCPU.specification, memory.specification, minMemory.specification,
                maxMemory.specification,
            ]
        )

        private static let standard = InjectionConfiguration()
    }

    /// When the kubelet pulls an image, in Kubernetes's words.
    enum PullPolicy: String, CaseIterable {
        case always = "Always"
        case ifNotPresent = "IfNotPresent"
        case never = "Never"
    }
}
