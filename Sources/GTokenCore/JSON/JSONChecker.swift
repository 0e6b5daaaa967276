/// The one strict pass over a document (RFC 8259): checks every byte and lists the containers.
///
/// ``passCommon(_:_:)`` goes through what nearly all of a document is, and stops at everything else, each error too;
/// ``passRare(_:)`` then takes one step byte by byte.
struct JSONChecker {
    /// What has to come next, perhaps after white space.
    enum Due {
        /// The first name or value of a container, or its end.
        case first
        /// A member's name.
        case name
        /// What is left of a member's name, and its colon; no white space before it.
        case restOfName
        case value
        /// What is left of a string that is a value; no white space before it.
        case restOfString
        /// A comma, or what ends the innermost container.
        case end
        case nothing
    }

    let limits: JSONLimits
    var due = Due.value
    var offset = 0
    /// How many containers have been opened.
    var count = 0
    /// How many more may be open at the same time.
    var depthLeft: Int
    /// The index of the innermost open container.
    ///
    /// A container that is open keeps the index of the one around it in `end`, and what ends that one in `next`.
    var open: UInt32 = 0
    /// What ends the innermost open container; 0 where none is open.
    var closing: UInt8 = 0

    /// How many places the list begins with: enough for the review of a small Pod, and all that a document of any size
    /// with few containers costs.
    private static let firstCapacity = 128

    /// Checks the whole of `bytes`: white space, one value, white space.
    ///
    /// - Returns: the containers in the order in which they open, and behind them places that mean nothing; and the
    ///   offset of the value.
    static func check(
        _ bytes: Span<UInt8>,
        limits: JSONLimits
    ) throws(JSONError) -> (containers: [JSONContainer], rootOffset: Int) {
        var checker = JSONChecker(limits: limits)
        // A container has two bytes.
        let capacity = max(0, min(bytes.count / 2, firstCapacity, limits.maxContainers))
        var containers = [JSONContainer](repeating: .none, count: capacity)
        while checker.due != .nothing {
            checker.passCommon(bytes, &containers)
            if try checker.passRare(bytes) { continue }
            let longer = min(max(1, 2 * containers.count), limits.maxContainers)
            containers = Self.extended(containers, to: longer)
        }
        let end = JSONBytes.skipSpace(bytes, checker.offset)
        guard end == bytes.count else { throw .trailingBytes(offset: end) }
        return (containers, JSONBytes.skipSpace(bytes, 0))
    }

    private init(limits: JSONLimits) {
        self.limits = limits
        depthLeft = limits.maxDepth
    }

    /// The list with free places behind it, in one allocation.
    private static func extended(_ containers: [JSONContainer], to capacity: Int) -> [JSONContainer] {
        var longer = [JSONContainer](repeating: .none, count: capacity)
        let old = containers.span
        var new = longer.mutableSpan
        for index in old.indices { new[index] = old[index] }
        return longer
    }
}
