private import CLinux
private import Glibc

/// One TCP connection on one loop.
///
/// Reading and writing are the loop's tasks' (one reader and one writer at a time), `close` anybody's. An
/// operation tries the socket first and suspends only when that would block. It ends with
/// `NetError.timedOut` when its deadline passes while it waits, `.closed` when our side closes,
/// `.cancelled` when its task is cancelled; the connection itself survives the first and the last.
///
/// Unchecked because its state belongs to the loop's thread; `close` and `deinit` move there, the rest checks.
package final class Connection: @unchecked Sendable {
    /// Operations in a row that need not wait, before the loop's other tasks get their turn: a peer that is
    /// always faster than we are must not have the loop to itself.
    private static let operationsInARow = 32

    /// The loop that the connection's tasks must run on.
    package let loop: EventLoop
    /// The other side; nil where the system did not say.
    package let peer: SocketAddress?

    private var descriptor: FileDescriptor?
    private var watch: Watch?
    private var operationsSinceWait = 0

    /// Takes an accepted connection to a loop, which need not be the listener's; from any thread.
    ///
    /// Whatever uses the connection next runs on `loop`.
    package convenience init(accepted socket: consuming AcceptedSocket, loop: EventLoop) {
        let peer = socket.peer
        self.init(descriptor: socket.descriptor, peer: peer, loop: loop)
    }

    init(descriptor: consuming FileDescriptor, peer: SocketAddress?, loop: EventLoop) {
        self.descriptor = consume descriptor
        self.peer = peer
        self.loop = loop
    }

    deinit {
        guard let watch else { return }
        // The last reference may go on any thread, while the watch is the loop's. The descriptor can be closed
        // first: a watch knows its descriptor's number, but is told from a later one by its generation.
        let token = watch.token
        loop.execute { [loop] in loop.detach(token: token) }
    }

    /// Whether our side has closed the connection.
    package var isClosed: Bool { descriptor == nil }

    // MARK: Reading

    /// Appends what has arrived to `buffer`, at least one byte and at most `limit`, waiting for it if need be;
    /// 0 at the end of the stream.
    package func read(
        into buffer: inout [UInt8],
        atMost limit: Int = EventLoop.scratchSize,
        deadline: Deadline
    ) async throws(NetError) -> Int {
        try await takeTurn()
        while true {
            switch receive(into: &buffer, atMost: limit) {
            case .done(let count): return count
            case .wouldBlock: try await wait(for: .reading, until: deadline)
            case .failed(let code): throw .system(call: "recv", errno: code)
            case nil: throw .closed
            }
        }
    }

    private func receive(into buffer: inout [UInt8], atMost limit: Int) -> CallResult? {
        guard let number = descriptor?.rawValue else { return nil }
        return unsafe loop.withScratch { scratch in
            let size = min(limit, scratch.count)
            let result = retryingCall { unsafe recv(number, scratch.baseAddress, size, 0) }
            if case .done(let count) = result {
                unsafe buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<count]))
            }
            return result
        }
    }

    // MARK: Writing

    /// Sends all of `bytes`, as fast as the other side takes them.
    package func write(_ bytes: [UInt8], deadline: Deadline) async throws(NetError) {
        try await write(bytes[...], deadline: deadline)
    }

    /// Sends all of `bytes`, as fast as the other side takes them.
    package func write(_ bytes: ArraySlice<UInt8>, deadline: Deadline) async throws(NetError) {
        try await takeTurn()
        var rest = bytes
        while !rest.isEmpty {
            switch send(rest) {
            case .done(let count): rest = rest.dropFirst(count)
            case .wouldBlock: try await wait(for: .writing, until: deadline)
            case .failed(let code): throw .system(call: "send", errno: code)
            case nil: throw .closed
            }
        }
    }

    private func send(_ bytes: ArraySlice<UInt8>) -> CallResult? {
        guard let number = descriptor?.rawValue else { return nil }
        return unsafe bytes.withUnsafeBytes { bytes in
            // Without MSG_NOSIGNAL a peer that has left would end the process.
            retryingCall { unsafe Glibc.send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
        }
    }

    // MARK: Ending

    /// Tells the other side that nothing more comes (a TCP half-close); reading goes on.
    package func finishWriting() async throws(NetError) {
        try await takeTurn()
        guard let number = descriptor?.rawValue else { throw .closed }
        guard shutdown(number, Int32(SHUT_WR)) == 0 else { throw .system(call: "shutdown", errno: errno) }
    }

    /// Closes the connection, and wakes pending operations with `closed`.
    ///
    /// Idempotent; from any thread.
    package func close() {
        loop.execute { self.closeOnLoop() }
    }

    private func closeOnLoop() {
        if let watch = watch.take() { loop.detach(watch) }
        descriptor = nil
    }

    // MARK: Waiting

    /// The beginning of every operation.
    private func takeTurn() async throws(NetError) {
        loop.preconditionCurrent()
        guard !Task.isCancelled else { throw .cancelled }
        operationsSinceWait += 1
        guard operationsSinceWait > Connection.operationsInARow else { return }
        operationsSinceWait = 0
        await loop.yield()
    }

    /// Waits after a system call that would have blocked.
    private func wait(for direction: Direction, until deadline: Deadline) async throws(NetError) {
        guard let number = descriptor?.rawValue else { throw .closed }
        let watch = try watch(of: number)
        operationsSinceWait = 0
        watch.wouldBlock(direction)
        try await loop.wait(for: direction, of: watch, until: deadline).check()
    }

    /// Registers with the loop at the first wait: a connection may be made on another thread.
    private func watch(of number: Int32) throws(NetError) -> Watch {
        if let watch { return watch }
        let attached = try loop.attach(number)
        watch = attached
        return attached
    }
}

extension Connection {
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
            let share = deadline.remaining / (addresses.count - index)
            let attempt = deadline == .never ? Deadline.never : min(deadline, .after(share))
            do throws(NetError) {
                return try await connect(to: address, on: loop, deadline: attempt)
            } catch .cancelled {
                throw .cancelled
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private static func connect(
        to address: SocketAddress,
        on loop: EventLoop,
        deadline: Deadline
    ) async throws(NetError) -> Connection {
        guard !Task.isCancelled else { throw .cancelled }
        let descriptor = try FileDescriptor.tcpSocket(for: address.family)
        let number = descriptor.rawValue
        try descriptor.disableDelay()
        let connection = Connection(descriptor: descriptor, peer: address, loop: loop)
        do throws(NetError) {
            let result = unsafe address.withSockaddr { address, length in
                retryingCall { unsafe Int(Glibc.connect(number, address, length)) }
            }
            switch result {
            case .done: break
            case .failed(EINPROGRESS), .failed(EALREADY):
                try await connection.wait(for: .writing, until: deadline)
                try connection.checkConnected()
            case .failed(let code): throw NetError.system(call: "connect", errno: code)
            case .wouldBlock: throw NetError.system(call: "connect", errno: EAGAIN)
            }
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    private func checkConnected() throws(NetError) {
        let code = try descriptor?.option(SOL_SOCKET, SO_ERROR) ?? 0
        guard code == 0 else { throw .system(call: "connect", errno: code) }
    }
}
