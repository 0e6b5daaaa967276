import GTokenRuntime
private import Synchronization

/// What the connections of one server share.
final class HTTPServerShared: Sendable {
    let tls: (@Sendable () -> TLSServerContext)?
    let limits: HTTPServerLimits
    let handler: HTTPServer.Handler
    let counters = HTTPServerCounters()

    private let stopped = Atomic<Bool>(false)
    private let places: Locked<HTTPServerPlaces>

    init(
        tls: (@Sendable () -> TLSServerContext)?,
        limits: HTTPServerLimits,
        handler: @escaping HTTPServer.Handler
    ) {
        self.tls = tls
        self.limits = limits
        self.handler = handler
        places = Locked(HTTPServerPlaces(limits: limits))
    }

    /// Whether the server is to end: each connection's next answer is its last.
    var isStopping: Bool { stopped.load(ordering: .acquiring) }

    /// Takes a new connection in; nil when there are so many that not even a refusal can be afforded.
    ///
    /// In a full house those who keep us waiting leave for it. Where nobody does, some more than the limit get an
    /// answer, which is 503.
    func admit(_ connection: Connection) -> HTTPServerConnection? {
        // Last, so that whoever sees it counted sees what became of it.
        defer { counters.countConnection() }
        return change { places in
            let leaving = places.makePlace()
            let isOverLimit = places.count >= limits.maxConnections
            if isOverLimit { counters.count(.connectionLimit) }
            guard places.count < limits.maxConnections + limits.maxRefusedConnections else {
                connection.close()
                return (nil, leaving)
            }
            let served = HTTPServerConnection(connection, shared: self, isOverLimit: isOverLimit)
            places.add(served)
            return (served, leaving)
        }
    }

    /// Whether the next connection had better wait until some of those accepted last have sent their request.
    var hasEnoughNewcomers: Bool { places.withLock { $0.hasEnoughNewcomers() } }

    func leave(_ connection: HTTPServerConnection) {
        change { places in
            places.leave(connection)
            return ((), [])
        }
    }

    /// Notes that a connection's first request has come.
    func know(_ connection: HTTPServerConnection) {
        places.withLock { $0.know(connection) }
    }

    /// Whether there is room for a body of this length.
    func hasRoom(for bytes: Int, of connection: HTTPServerConnection) -> Bool {
        change { places in
            let leaving = places.makeRoom(for: bytes, besides: connection)
            return (leaving != nil, leaving ?? [])
        }
    }

    /// Accounts for this many bytes of a connection's body in place of `before`; false when there is no room.
    func hold(_ bytes: Int, before: Int, for connection: HTTPServerConnection) -> Bool {
        change { places in
            let leaving = places.makeRoom(for: bytes - before, besides: connection)
            if leaving != nil { places.hold(bytes, for: connection) }
            return (leaving != nil, leaving ?? [])
        }
    }

    /// Says so to every connection.
    func stop() {
        stopped.store(true, ordering: .releasing)
        for connection in places.withLock({ $0.connections }) { connection.stopWaiting() }
    }

    /// Changes who is where, shows it, and closes the connections that have to leave.
    private func change<Result: Sendable>(
        _ body: (inout HTTPServerPlaces) -> (Result, leaving: [HTTPServerConnection])
    ) -> Result {
        let (result, leaving) = places.withLock { places in
            let change = body(&places)
            counters.show(connections: places.count, bodyBytes: places.bodyBytes)
            return change
        }
        for connection in leaving {
            counters.count(.crowdedOut)
            connection.close()
        }
        return result
    }
}
