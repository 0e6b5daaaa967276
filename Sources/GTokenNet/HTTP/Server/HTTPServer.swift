import GTokenRuntime

/// An HTTP/1.1 server, plain or over TLS, on event loops.
///
///     let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { request in
///         request.path == "/healthz" ? .text("ok") : .empty(status: 404)
///     }
///     let port = try server.start()
///     await server.run()
///
/// Requests of one connection are answered in order, one after the other. A handler never throws, and it runs
/// on its connection's loop: what would block belongs elsewhere. What a client may not do, ``HTTPServerLimits``
/// say; it gets the status that RFC 9110 has for it, and the connection is closed.
package final class HTTPServer: Sendable {
    /// Answers one request.
    package typealias Handler = nonisolated(nonsending) @Sendable (HTTPRequest) async -> HTTPResponse

    /// What has been counted so far.
    package var counters: HTTPServerCounters { shared.counters }

    private let address: SocketAddress
    private let loops: [EventLoop]
    private let shared: HTTPServerShared
    private let listener = Locked<Listener?>(nil)
    private let stopping = Gate<Deadline>()
    private let finished = Gate<Void>()

    /// A server that does nothing yet.
    ///
    /// The first loop accepts; connections are dealt out to all. `tls` is asked for each connection, so that a new
    /// certificate counts from the next one on; without it the server speaks plain HTTP.
    package init(
        address: SocketAddress,
        loops: [EventLoop],
        tls: (@Sendable () -> TLSServerContext)? = nil,
        limits: HTTPServerLimits = HTTPServerLimits(),
        handler: @escaping Handler
    ) {
        precondition(!loops.isEmpty, "a server needs a loop")
        self.address = address
        self.loops = loops
        shared = HTTPServerShared(tls: tls, limits: limits, handler: handler)
    }

    /// Binds and listens, from any thread; the port, which the system chose if 0 was asked for.
    ///
    /// Connections wait until ``run()`` accepts them.
    package func start() throws(NetError) -> UInt16 {
        let new = try Listener(address: address, loop: loops[0])
        listener.withLock { $0 = new }
        return new.port
    }

    /// Serves until ``shutdown(within:)`` has ended everything, or the task is cancelled, which ends it at once.
    ///
    /// Throws what is wrong with the listener itself.
    package func run() async throws(NetError) {
        guard let listener = listener.withLock({ $0 }) else { throw .closed }
        var failure: NetError?
        await withTaskExecutorPreference(loops[0]) {
            await withTaskGroup(of: NetError?.self) { group in
                group.addTask { await self.serve(listener) }
                group.addTask {
                    await self.waitForEnd()
                    return nil
                }
                // Whichever comes first: all connections are done, or their time is over.
                if let first = await group.next() { failure = first }
                group.cancelAll()
            }
        }
        listener.close()
        finished.open(())
        if let failure { throw failure }
    }

    /// Stops accepting, closes idle connections, lets the others end with `Connection: close`, and cancels what is
    /// not done within `limit`.
    ///
    /// Returns when nothing is left, or when the time is over. From any task; idempotent.
    package func shutdown(within limit: Duration) async {
        let deadline = Deadline.after(limit)
        let loop = loops[0]
        shared.stop()
        guard let listener = listener.withLock({ $0 }) else { return }
        listener.close()
        stopping.open(deadline)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await self.finished.wait() }
            group.addTask { try? await loop.sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Leaves the next connection in the kernel's backlog, where it costs nothing, while enough others shake hands.
    ///
    /// Of many that come at once the first then have their answers while the last still wait, instead of all being
    /// half done together, each with its handshake's 40 KiB.
    private func waitForNewcomers() async throws(NetError) {
        while shared.hasEnoughNewcomers {
            do {
                try await loops[0].sleep(for: .milliseconds(1))
            } catch {
                throw .cancelled
            }
        }
    }

    private func waitForEnd() async {
        guard let deadline = await stopping.wait() else { return }
        try? await loops[0].sleep(until: deadline)
    }

    /// Accepts until the listener is closed, then waits for the connections.
    private func serve(_ listener: Listener) async -> NetError? {
        await withDiscardingTaskGroup(returning: NetError?.self) { group in
            var turn = 0
            while true {
                let socket: AcceptedSocket
                do throws(NetError) {
                    try await waitForNewcomers()
                    socket = try await listener.accept()
                } catch .closed, .cancelled {
                    return nil
                } catch {
                    group.cancelAll()
                    return error
                }
                let loop = loops[turn]
                turn = (turn + 1) % loops.count
                let connection = Connection(accepted: socket, loop: loop)
                guard let served = shared.admit(connection) else { continue }
                group.addTask(executorPreference: loop) { await served.serve() }
            }
        }
    }
}
