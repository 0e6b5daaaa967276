import GTokenRuntime
import Synchronization

/// A number that tasks count up together.
final class Tally: Sendable {
    private let value = Atomic<Int>(0)

    var count: Int { value.load(ordering: .relaxed) }

    func add() { value.wrappingAdd(1, ordering: .relaxed) }
}

/// Something that one task sets and another one looks at.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}

/// The requests that a server has seen.
final class Seen: Sendable {
    private let value = Locked<[String]>([])

    var requests: [String] { value.withLock { $0 } }

    func note(_ request: String) { value.withLock { $0.append(request) } }
}
