private import Synchronization

/// What the connections of one server share.
final class HTTPServerShared: Sendable {
    let tls: (@Sendable () -> TLSServerContext)?
    let limits: HTTPServerLimits
    let handler: HTTPServer.Handler
    let counters = HTTPServerCounters()

    private let stopped = Atomic<Bool>(false)
    private let connections = Locked<[ObjectIdentifier: HTTPServerConnection]>([:])

    init(
        tls: (@Sendable () -> TLSServerContext)?,
        limits: HTTPServerLimits,
        handler: @escaping HTTPServer.Handler
    ) {
        self.tls = tls
        self.limits = limits
        self.handler = handler
    }

    /// Whether the server is to end: each connection's next answer is its last.
    var isStopping: Bool { stopped.load(ordering: .acquiring) }

    /// Takes a new connection in; nil when there are so many that not even a refusal can be afforded.
    ///
    /// Above the limit some more get an answer, which is 503.
    func admit(_ connection: Connection) -> HTTPServerConnection? {
        let open = counters.connectionOpened()
        let isOverLimit = open > limits.maxConnections
        if isOverLimit { counters.count(.connectionLimit) }
        guard open <= limits.maxConnections + limits.maxRefusedConnections else {
            counters.connectionClosed()
            connection.close()
            return nil
        }
        let served = HTTPServerConnection(connection, shared: self, isOverLimit: isOverLimit)
        connections.withLock { $0[ObjectIdentifier(served)] = served }
        return served
    }

    func leave(_ connection: HTTPServerConnection) {
        connections.withLock { $0[ObjectIdentifier(connection)] = nil }
        counters.connectionClosed()
    }

    /// Says so to every connection.
    func stop() {
        stopped.store(true, ordering: .releasing)
        for connection in connections.withLock({ Array($0.values) }) { connection.stopIfIdle() }
    }
}
