/// Something that goes wrong with some requests.
package struct KubernetesFault: Sendable {
    /// What goes wrong.
    package enum Effect: Sendable, Equatable {
        /// The server answers with a Status of this code: 401, 403, 409, 410, 429, 500, 503 or 504.
        case status(Int, retryAfter: Int? = nil)
        /// The answer takes this long, and is then what it would have been.
        case delay(Duration)
        /// The connection is closed without an answer.
        case close
    }

    /// The verbs whose requests it meets; empty for all.
    package var verbs: Set<String>
    /// The kinds, in their plural; empty for all.
    package var resources: Set<String>
    /// The names; empty for all.
    package var names: Set<String>
    /// How many requests more it meets; `nil` for all until it is taken away.
    package var count: Int?
    /// What goes wrong.
    package var effect: Effect

    /// A fault with these parts.
    package init(
        _ effect: Effect,
        verbs: Set<String> = [],
        resources: Set<String> = [],
        names: Set<String> = [],
        count: Int? = nil
    ) {
        self.effect = effect
        self.verbs = verbs
        self.resources = resources
        self.names = names
        self.count = count
    }

    func meets(_ request: ResourceRequest) -> Bool {
        func has(_ set: Set<String>, _ value: String?) -> Bool {
            set.isEmpty || value.map(set.contains) ?? false
        }
        return has(verbs, request.verb.rawValue) && has(resources, request.path.resource.plural)
            && has(names, request.name)
    }

    /// Takes the first fault that a request meets, and counts it.
    static func take(from faults: inout [KubernetesFault], for request: ResourceRequest) -> Effect? {
        guard let index = faults.firstIndex(where: { $0.meets(request) }) else { return nil }
        let effect = faults[index].effect
        if let count = faults[index].count {
            faults[index].count = count - 1
            if count <= 1 { faults.remove(at: index) }
        }
        return effect
    }
}

/// How a server is away.
package enum KubernetesOutage: Sendable {
    /// Connections are closed without an answer, running watches too.
    case closing
    /// Connections are taken, and nothing is answered until the outage is over; then they are closed.
    case silent
}
