private import CLinux
private import Glibc

/// The socket of one connection: system calls that do not block, and waiting on its loop when they would.
///
/// Made on any thread, used on the loop's.
final class Transport {
    let loop: EventLoop
    private var descriptor: FileDescriptor?
    /// Its number, for each call to copy instead of borrowing the owner.
    private var openNumber: Int32?
    /// Registered at the first wait: a connection that never waits, or is made on another thread, needs none.
    private var watch: Watch?
    /// Whether the reader is to be told something at its next wait.
    private var isReaderInterrupted = false

    init(_ descriptor: consuming FileDescriptor, on loop: EventLoop) {
        openNumber = descriptor.rawValue
        self.descriptor = consume descriptor
        self.loop = loop
    }

    deinit {
        guard let watch else { return }
        // The last reference may go on any thread, while the watch is the loop's. The descriptor can be closed
        // first: reports about a later one with its number carry another token.
        let token = watch.token
        loop.execute { [loop] in loop.detach(token: token) }
    }

    var isClosed: Bool { openNumber == nil }

    /// Ends every wait with `closed`.
    func close() {
        if let watch = watch.take() { loop.detach(watch) }
        openNumber = nil
        descriptor = nil
    }

    /// Hands what has arrived to `take`, up to `limit` bytes; how many there were, 0 at the end of the stream,
    /// nil when nothing is there yet.
    func receive(
        atMost limit: Int = EventLoop.scratchSize,
        _ take: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(NetError) -> Int? {
        let number = try number
        let watch = watch
        if let watch, !watch.mayRead { return nil }
        precondition(limit > 0, "a read of nothing looks like the end")
        let size = min(limit, EventLoop.scratchSize)
        let result = unsafe loop.withScratch { scratch in
            let result = retryingCall { unsafe recv(number, scratch.baseAddress, size, 0) }
            if case .done(let count) = result {
                unsafe take(UnsafeBufferPointer(rebasing: scratch[..<count]))
            }
            return result
        }
        switch result {
        case .done(let count):
            // Less than there was room for is all there was (epoll(7)): the next read can wait without trying.
            if count < size { watch?.drained() }
            return count
        case .wouldBlock:
            watch?.wouldBlock(.reading)
            return nil
        case .failed(let code): throw .system(call: "recv", errno: code)
        }
    }

    /// Sends what the socket takes at once; how many bytes that was, nil when it takes none now.
    func send(_ bytes: Span<UInt8>) throws(NetError) -> Int? {
        let number = try number
        // Without MSG_NOSIGNAL a peer that has left would end the process.
        let flags = Int32(MSG_NOSIGNAL)
        let result = unsafe bytes.withUnsafeBytes { bytes in
            retryingCall { unsafe Glibc.send(number, bytes.baseAddress, bytes.count, flags) }
        }
        switch result {
        case .done(let count): return count
        case .wouldBlock:
            watch?.wouldBlock(.writing)
            return nil
        case .failed(let code): throw .system(call: "send", errno: code)
        }
    }

    /// Sends what the socket takes at once of `bytes`; nil when that is all of them, otherwise the rest.
    func sendAll(_ bytes: ArraySlice<UInt8>) throws(NetError) -> ArraySlice<UInt8>? {
        var rest = bytes
        while !rest.isEmpty {
            guard let count = try send(rest.span) else { return rest }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    /// Sends what follows the last byte written: the end of the stream.
    func endWriting() throws(NetError) {
        guard shutdown(try number, Int32(SHUT_WR)) == 0 else {
            throw .system(call: "shutdown", errno: errno)
        }
    }

    /// Waits after a call that would have blocked.
    nonisolated(nonsending) func wait(
        for direction: Direction,
        until deadline: Deadline
    ) async throws(NetError) {
        let watch = try attached(for: direction)
        guard direction == .reading else {
            return try await loop.wait(for: direction, of: watch, until: deadline).check()
        }
        guard !isReaderInterrupted else { return try endInterruption() }
        let outcome = await loop.wait(for: direction, of: watch, until: deadline)
        guard !isReaderInterrupted else { return try endInterruption() }
        try outcome.check()
    }

    /// Waits for something to read, also when the task is cancelled: whoever hears of that interrupts the reader.
    nonisolated(nonsending) func waitInterruptibly(until deadline: Deadline) async throws(NetError) {
        let watch = try attached(for: .reading)
        guard !isReaderInterrupted else { return try endInterruption() }
        let outcome = await loop.waitInterruptibly(for: .reading, of: watch, until: deadline)
        guard !isReaderInterrupted else { return try endInterruption() }
        try outcome.check()
    }

    /// Ends the reader's wait, the present or the next one, with `cancelled`.
    func interruptReader() {
        isReaderInterrupted = true
        watch?.interruptReader()
    }

    private func endInterruption() throws(NetError) {
        isReaderInterrupted = false
        throw .cancelled
    }

    /// Connects a new socket.
    func connect(to address: SocketAddress, deadline: Deadline) async throws(NetError) {
        let number = try number
        let result = unsafe address.withSockaddr { address, length in
            retryingCall { unsafe Int(Glibc.connect(number, address, length)) }
        }
        switch result {
        case .done: return
        case .failed(EINPROGRESS), .failed(EALREADY): break
        case .failed(let code): throw .system(call: "connect", errno: code)
        case .wouldBlock: throw .system(call: "connect", errno: EAGAIN)
        }
        try await wait(for: .writing, until: deadline)
        let code = try descriptor?.option(SOL_SOCKET, SO_ERROR) ?? ECANCELED
        guard code == 0 else { throw .system(call: "connect", errno: code) }
    }

    private var number: Int32 {
        get throws(NetError) {
            guard let number = openNumber else { throw .closed }
            return number
        }
    }

    private func attached(for direction: Direction) throws(NetError) -> Watch {
        if let watch {
            try loop.watch(watch, for: direction)
            return watch
        }
        let new = try loop.attach(try number, for: direction)
        watch = new
        return new
    }
}
