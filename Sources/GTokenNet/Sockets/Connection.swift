private import Glibc

/// One TCP connection on one loop, plain or with TLS.
///
/// Reading and writing are the loop's tasks' (one reader and one writer at a time), `close` anybody's. An
/// operation tries the socket first and suspends only when that would block. It ends with
/// `NetError.timedOut` when its deadline passes while it waits, `.closed` when our side closes,
/// `.cancelled` when its task is cancelled. The connection survives a timed-out or cancelled read; after a
/// write that ended so, what the peer got is unknown, and closing is all that is left.
///
/// Unchecked because its state belongs to the loop's thread; `close` moves there, the rest checks.
package final class Connection: @unchecked Sendable {
    /// Operations in a row that need not wait, before the loop's other tasks get their turn: a peer that is
    /// always faster than we are must not have the loop to itself.
    private static let operationsInARow = 32

    /// The other side; nil where the system did not say.
    package let peer: SocketAddress?
    private let transport: Transport
    private var tls: TLSChannel?
    private var operationsInARow = 0

    /// The loop that the connection's tasks run on.
    package var loop: EventLoop { transport.loop }

    /// Whether our side has closed the connection.
    package var isClosed: Bool { transport.isClosed }

    /// Takes an accepted connection to a loop, which need not be the listener's; from any thread.
    ///
    /// Whatever uses the connection next runs on `loop`.
    package init(accepted socket: consuming AcceptedSocket, loop: EventLoop) {
        peer = socket.peer
        transport = Transport(socket.descriptor, on: loop)
    }

    private init(to address: SocketAddress, on loop: EventLoop) throws(NetError) {
        let descriptor = try FileDescriptor.tcpSocket(for: address.family)
        try descriptor.disableDelay()
        peer = address
        transport = Transport(descriptor, on: loop)
    }

    /// Connects to the first of `addresses` that answers, in their order; on `loop`.
    ///
    /// Each address gets its share of the time left, so that one which never answers leaves some for the next.
    /// Throws the last address's error.
    package static func connect(
        to addresses: [SocketAddress],
        on loop: EventLoop,
        deadline: Deadline
    ) async throws(NetError) -> Connection {
        loop.preconditionCurrent()
        var failure = NetError.system(call: "connect", errno: EDESTADDRREQ)
        for (index, address) in addresses.enumerated() {
            guard !Task.isCancelled else { throw .cancelled }
            let share = deadline.remaining / (addresses.count - index)
            let attempt = deadline == .never ? Deadline.never : min(deadline, .after(share))
            do throws(NetError) {
                let connection = try Connection(to: address, on: loop)
                try await connection.transport.connect(to: address, deadline: attempt)
                return connection
            } catch {
                guard error != .cancelled else { throw error }
                failure = error
            }
        }
        throw failure
    }

    /// Waits until something has arrived, or the other side has ended, and leaves it to be read.
    nonisolated(nonsending) package func waitForInput(deadline: Deadline) async throws(NetError) {
        try await takeTurn()
        try await transport.wait(for: .reading, until: deadline)
    }

    /// Waits where ``readAtOnce(into:atMost:)`` came to nothing; ``read(into:atMost:deadline:)`` reads what comes.
    ///
    /// For a task whose cancellation ``interruptReading()`` is called for: one handler for all of its waits then does,
    /// where each would cost as much as the wait.
    nonisolated(nonsending) func waitInterruptibly(deadline: Deadline) async throws(NetError) {
        guard try mayGoOn() else { return }
        try await transport.waitInterruptibly(until: deadline)
    }

    /// Makes the handshake; from here on everything read and written goes through `session`.
    nonisolated(nonsending) package func startTLS(
        _ session: sending TLSSession,
        deadline: Deadline
    ) async throws(NetError) {
        try await takeTurn()
        let channel = TLSChannel(session, over: transport)
        tls = channel
        try await channel.handshake(until: deadline)
    }

    /// Whether the other side has shown a certificate that is trusted; false without TLS.
    package var hasVerifiedPeer: Bool { tls?.hasVerifiedPeer ?? false }

    /// What the other side's certificate says about itself; nil without TLS, and where none was shown.
    package var peerCertificate: CertificateFacts? { tls?.peerCertificate }

    /// Appends what has arrived to `buffer`, at most `limit` bytes (64 KiB); 0 at the end of the stream.
    ///
    /// Nil where ``read(into:atMost:deadline:)`` is to be called: when nothing has arrived yet, or others should have
    /// their turn first. Trying this before saves what suspending would cost.
    func readAtOnce(
        into buffer: inout [UInt8],
        atMost limit: Int = EventLoop.scratchSize
    ) throws(NetError) -> Int? {
        guard try mayGoOn() else { return nil }
        let count =
            if let tls {
                try tls.readAtOnce(into: &buffer, atMost: limit)
            } else {
                try unsafe transport.receive(atMost: limit) { unsafe buffer.append(contentsOf: $0) }
            }
        if count != nil { operationsInARow += 1 }
        return count
    }

    /// Appends what has arrived to `buffer`, at least one byte and at most `limit` (64 KiB), waiting for it if
    /// need be; 0 at the end of the stream.
    nonisolated(nonsending) package func read(
        into buffer: inout [UInt8],
        atMost limit: Int = EventLoop.scratchSize,
        deadline: Deadline
    ) async throws(NetError) -> Int {
        try await takeTurn()
        if let tls { return try await tls.read(into: &buffer, atMost: limit, until: deadline) }
        while true {
            let count = try unsafe transport.receive(atMost: limit) { unsafe buffer.append(contentsOf: $0) }
            if let count { return count }
            try await transport.wait(for: .reading, until: deadline)
        }
    }

    /// Sends what the other side takes without waiting; nil when that is all of `bytes`.
    ///
    /// Otherwise what ``write(_:deadline:)`` is to be called with next, which may be nothing.
    func writeAtOnce(_ bytes: ArraySlice<UInt8>) throws(NetError) -> ArraySlice<UInt8>? {
        guard try mayGoOn() else { return bytes }
        operationsInARow += 1
        return if let tls { try tls.writeAtOnce(bytes) } else { try transport.sendAll(bytes) }
    }

    /// Sends all of `bytes`, as fast as the other side takes them.
    nonisolated(nonsending) package func write(_ bytes: [UInt8], deadline: Deadline) async throws(NetError) {
        try await write(bytes[...], deadline: deadline)
    }

    /// Sends all of `bytes`, as fast as the other side takes them.
    nonisolated(nonsending) package func write(
        _ bytes: ArraySlice<UInt8>,
        deadline: Deadline
    ) async throws(NetError) {
        try await takeTurn()
        if let tls { return try await tls.write(bytes, until: deadline) }
        var rest = bytes
        while let unsent = try transport.sendAll(rest) {
            rest = unsent
            try await transport.wait(for: .writing, until: deadline)
        }
    }

    /// Tells the other side that nothing more comes (close_notify, and a TCP half-close); reading goes on.
    nonisolated(nonsending) package func finishWriting(deadline: Deadline) async throws(NetError) {
        try await takeTurn()
        try await tls?.endWriting(until: deadline)
        try transport.endWriting()
    }

    /// Ends our side, reads and drops what still comes until the peer has ended its own or the deadline passes,
    /// and closes.
    ///
    /// After an answer that did not wait for the whole request: closing with unread bytes resets the
    /// connection, which can destroy the answer before the peer has read it.
    nonisolated(nonsending) package func closeGracefully(deadline: Deadline) async {
        var dropped: [UInt8] = []
        do throws(NetError) {
            try await finishWriting(deadline: deadline)
            while try await read(into: &dropped, deadline: deadline) > 0, !deadline.hasPassed {
                dropped.removeAll(keepingCapacity: true)
            }
        } catch {
            // It is closed all the same.
        }
        close()
    }

    /// Ends the pending read, or else the next one that has to wait, with `cancelled`; on the loop.
    ///
    /// Nothing is lost by it: whoever reads looks at what made the interruption necessary, and may read on.
    package func interruptReading() {
        loop.preconditionCurrent()
        transport.interruptReader()
    }

    /// Closes the connection, and wakes pending operations with `closed`.
    ///
    /// Idempotent; from any thread.
    package func close() {
        loop.execute { self.closeOnLoop() }
    }

    private func closeOnLoop() {
        guard !transport.isClosed else { return }
        tls.take()?.endWritingAtOnce()
        transport.close()
    }

    /// The beginning of every operation that may wait.
    nonisolated(nonsending) private func takeTurn() async throws(NetError) {
        if try !mayGoOn() {
            operationsInARow = 0
            await loop.yield()
        }
        operationsInARow += 1
    }

    /// The beginning of every operation; false when it is others' turn.
    private func mayGoOn() throws(NetError) -> Bool {
        loop.preconditionCurrent()
        guard !Task.isCancelled else { throw .cancelled }
        return operationsInARow < Connection.operationsInARow
    }
}
