/// Where a connection leads: requests share one only when all of it is the same.
struct HTTPOrigin: Hashable {
    let scheme: HTTPURL.Scheme
    let host: String
    let port: UInt16
    let proxy: HTTPProxy?
    let address: SocketAddress?

    init(_ url: HTTPURL, proxy: HTTPProxy?, address: SocketAddress? = nil) {
        self.address = address
        scheme = url.scheme
        host = url.host
        port = url.port
        self.proxy = proxy
    }
}

/// A client's connections that wait for their next request.
///
/// Unchecked because its state belongs to the loop's thread; `close` moves there, the rest checks.
final class HTTPConnectionPool: @unchecked Sendable {
    private struct Idle {
        let connection: Connection
        let expiry: Deadline
    }

    /// Below the idle timeouts of the servers that we call (AWS 60 s and more, Google four minutes, Go's none), so
    /// that ours is the side that closes.
    private static let idleTimeout = Duration.seconds(50)
    /// What is kept for one origin: as many as a burst of admissions needs at once, roughly.
    private static let maxIdlePerOrigin = 16

    private let loop: EventLoop
    private var idle: [HTTPOrigin: [Idle]] = [:]
    private var isClosed = false
    /// Closes what has expired; cancelled by `close`, and over when nothing is idle.
    private var reaper: Task<Void, Never>?

    init(loop: EventLoop) {
        self.loop = loop
    }

    deinit {
        reaper?.cancel()
    }

    /// A connection that was used before and is still open, or nil; the one used last, which is the likeliest to be.
    func take(_ origin: HTTPOrigin) async -> Connection? {
        loop.preconditionCurrent()
        while let candidate = idle[origin]?.popLast() {
            let connection = candidate.connection
            if !candidate.expiry.hasPassed, await Self.isQuiet(connection) { return connection }
            connection.close()
        }
        idle[origin] = nil
        return nil
    }

    /// Keeps a connection whose answer has been read to its end.
    func put(_ connection: Connection, for origin: HTTPOrigin) {
        loop.preconditionCurrent()
        guard !isClosed else { return connection.close() }
        var connections = idle[origin] ?? []
        if connections.count >= Self.maxIdlePerOrigin { connections.removeFirst().connection.close() }
        connections.append(Idle(connection: connection, expiry: .after(Self.idleTimeout)))
        idle[origin] = connections
        if reaper == nil { startReaper() }
    }

    /// Closes every idle connection of an origin: one of them turned out dead.
    func drop(_ origin: HTTPOrigin) {
        for idle in idle.removeValue(forKey: origin) ?? [] { idle.connection.close() }
    }

    /// Closes everything, and what is put back later; from any thread.
    func close() {
        loop.execute {
            self.isClosed = true
            self.reaper?.cancel()
            for origin in Array(self.idle.keys) { self.drop(origin) }
        }
    }

    /// Whether nothing has arrived since the last answer: neither the end of the stream, nor bytes nobody asked for.
    private static func isQuiet(_ connection: Connection) async -> Bool {
        var bytes: [UInt8] = []
        do throws(NetError) {
            _ = try await connection.read(into: &bytes, atMost: 1, deadline: .now)
            return false
        } catch {
            return error == .timedOut
        }
    }

    private func startReaper() {
        reaper = Task(executorPreference: loop) { [loop, weak self] in
            while let next = self?.closeExpired() {
                do throws(CancellationError) {
                    try await loop.sleep(until: next)
                } catch {
                    return
                }
            }
        }
    }

    /// Closes what has expired; when to look again, nil when nothing is left.
    private func closeExpired() -> Deadline? {
        let now = Deadline.now
        var next: Deadline?
        for (origin, connections) in idle {
            for idle in connections where idle.expiry <= now { idle.connection.close() }
            let kept = connections.filter { $0.expiry > now }
            idle[origin] = kept.isEmpty ? nil : kept
            if let first = kept.first { next = min(next ?? first.expiry, first.expiry) }
        }
        if next == nil { reaper = nil }
        return next
    }
}
