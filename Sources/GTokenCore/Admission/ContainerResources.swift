/// What an injected container may use, request and limit alike, so that a Guaranteed Pod stays one.
public struct ContainerResources: Equatable, Sendable {
    /// CPU, in cores.
    public var cpu: ResourceQuantity
    /// Memory, in bytes; what is in the token's volume counts too.
    public var memory: ResourceQuantity

    /// Resources of these amounts.
    public init(cpu: ResourceQuantity, memory: ResourceQuantity) {
        self.cpu = cpu
        self.memory = memory
    }

    /// Writes the container's `resources`.
    func write(to writer: inout JSONWriter) {
        writer.object { resources in
            for kind in ["requests", "limits"] {
                resources.member(kind) { quantities in
                    quantities.object {
                        $0.member("cpu", cpu.description)
                        $0.member("memory", memory.description)
                    }
                }
            }
        }
    }
}

/// The least and the most of a resource that a Pod may ask for its injected container.
public struct ResourceBounds: Equatable, Sendable {
    /// The least.
    public var minimum: ResourceQuantity
    /// The most.
    public var maximum: ResourceQuantity

    /// Bounds, both included; the least may not be above the most.
    public init(_ minimum: ResourceQuantity, _ maximum: ResourceQuantity) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Whether a quantity is within.
    public func contains(_ quantity: ResourceQuantity) -> Bool {
        minimum.amount <= quantity.amount && quantity.amount <= maximum.amount
    }
}
