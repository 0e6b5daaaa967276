import GTokenRuntime
private import Synchronization

/// What a server has counted since it was made; read it from any thread.
package final class HTTPServerCounters: Sendable {
    /// Why a connection or a request was not served.
    package enum Rejection: String, Sendable, CaseIterable {
        /// The TLS handshake failed or took too long.
        case handshake
        /// The request was not one that RFC 9112 allows, or asked for what we do not do.
        case malformed
        /// A head, target or body above the limits.
        case tooLarge = "too_large"
        /// A head or body that did not arrive in time.
        case timeout
        /// More connections than the limit.
        case connectionLimit = "connection_limit"
        /// A connection that kept us waiting while its place or its bytes were needed by another.
        case crowdedOut = "crowded_out"
        /// More bytes of bodies in flight than the limit.
        case bodyLimit = "body_limit"
    }

    private let open = Atomic<Int>(0)
    private let accepted = Atomic<Int>(0)
    private let answered = Atomic<Int>(0)
    private let bodyBytes = Atomic<Int>(0)
    private let rejected = Locked<[Rejection: Int]>([:])

    init() {}

    /// Connections that are open now.
    package var openConnections: Int { open.load(ordering: .relaxed) }

    /// Connections accepted so far.
    package var acceptedConnections: Int { accepted.load(ordering: .relaxed) }

    /// Requests that a handler has been given so far.
    package var requests: Int { answered.load(ordering: .relaxed) }

    /// Bytes of request bodies that are held now.
    package var heldBodyBytes: Int { bodyBytes.load(ordering: .relaxed) }

    /// How often something was rejected for this reason.
    package func rejections(_ reason: Rejection) -> Int { rejected.withLock { $0[reason] ?? 0 } }

    func count(_ reason: Rejection) {
        rejected.withLock { $0[reason, default: 0] += 1 }
    }

    func countRequest() {
        answered.wrappingAdd(1, ordering: .relaxed)
    }

    func countConnection() {
        accepted.wrappingAdd(1, ordering: .relaxed)
    }

    /// Shows how many connections are open and what they hold.
    func show(connections: Int, bodyBytes bytes: Int) {
        open.store(connections, ordering: .relaxed)
        bodyBytes.store(bytes, ordering: .relaxed)
    }
}
