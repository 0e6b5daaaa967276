/// The TLS of one connection: its session, and the ciphertext on the way to the socket.
///
/// A reader and a writer may be at work at once: both send through `outgoing`, so that the records stay in
/// order.
final class TLSChannel {
    /// Plaintext that is encrypted before the socket has to take some: bounds what a slow peer makes us hold.
    private static let plaintextPerRound = 64 * 1024
    /// What may wait for the socket while a reader goes on: a writer's round, and answers besides.
    private static let maxUnsentBytes = 2 * plaintextPerRound
    /// Reads from the socket in one operation before the loop's other tasks get their turn.
    private static let receivesInARow = 4

    private let session: TLSSession
    private let transport: Transport
    private var outgoing: [UInt8] = []
    private var sent = 0

    init(_ session: TLSSession, over transport: Transport) {
        self.session = session
        self.transport = transport
    }

    /// Whether the peer has shown a certificate that is trusted.
    var hasVerifiedPeer: Bool { session.hasVerifiedPeer }

    /// What the peer's certificate says about itself.
    var peerCertificate: CertificateFacts? { session.peerCertificate }

    /// Exchanges messages until the session can be used.
    nonisolated(nonsending) func handshake(until deadline: Deadline) async throws(NetError) {
        var receives = 0
        var progress = try checked { () throws(TLSError) in try session.handshake() }
        while true {
            try await flush(until: deadline)
            if progress == .done { return }
            progress = try await receive(&receives, until: deadline) { () throws(TLSError) in
                try session.handshake()
            }
        }
    }

    /// Appends plaintext that has arrived; 0 bytes when the peer has ended its side, nil when that is still to come.
    func readAtOnce(into bytes: inout [UInt8], atMost limit: Int) throws(NetError) -> Int? {
        let held = try checked { () throws(TLSError) in try session.read(into: &bytes, atMost: limit) }
        if let count = try count(held) { return count }
        let received = try receive { () throws(TLSError) in try session.read(into: &bytes, atMost: limit) }
        return if let received { try count(received) } else { nil }
    }

    /// Appends plaintext, waiting for it; 0 when the peer has ended its side.
    nonisolated(nonsending) func read(
        into bytes: inout [UInt8],
        atMost limit: Int,
        until deadline: Deadline
    ) async throws(NetError) -> Int {
        var receives = 0
        var result = try checked { () throws(TLSError) in try session.read(into: &bytes, atMost: limit) }
        while true {
            if let count = try count(result) { return count }
            result = try await receive(&receives, until: deadline) { () throws(TLSError) in
                try session.read(into: &bytes, atMost: limit)
            }
        }
    }

    /// Encrypts and sends what goes out without waiting; nil when that is all, otherwise what ``write(_:until:)`` has
    /// still to be called with, which may be nothing.
    func writeAtOnce(_ bytes: ArraySlice<UInt8>) throws(NetError) -> ArraySlice<UInt8>? {
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.prefix(TLSChannel.plaintextPerRound)
            rest = rest.dropFirst(part.count)
            session.reserveOutput(in: transport.loop.takeSpareBuffer())
            try checked { () throws(TLSError) in try session.write(part.span) }
            guard try sendSome() else { return rest }
        }
        return nil
    }

    /// Encrypts and sends all of `bytes`.
    nonisolated(nonsending) func write(
        _ bytes: ArraySlice<UInt8>,
        until deadline: Deadline
    ) async throws(NetError) {
        try await flush(until: deadline)
        var rest = bytes
        while let unsent = try writeAtOnce(rest) {
            rest = unsent
            try await flush(until: deadline)
        }
    }

    /// Tells the peer that nothing more follows.
    nonisolated(nonsending) func endWriting(until deadline: Deadline) async throws(NetError) {
        session.closeNotify()
        try await flush(until: deadline)
    }

    /// The same without waiting, for a connection that is closed next.
    func endWritingAtOnce() {
        session.closeNotify()
        _ = try? sendSome()
    }

    /// How many bytes of plaintext a read came to, 0 at the end; nil when that needs more from the socket.
    private func count(_ result: TLSReadResult) throws(NetError) -> Int? {
        switch result {
        case .bytes(let count): return count
        case .closed: return 0
        case .needsInput:
            // Reading may have something to say (a key update's answer). What the socket does not take now goes with
            // the next write, so that a reader never waits for its peer to read; a peer that makes us answer and never
            // reads would fill our memory.
            _ = try? sendSome()
            guard outgoing.count <= TLSChannel.maxUnsentBytes else {
                throw NetError.tls(.protocolViolation(reason: "peer does not read"))
            }
            return nil
        }
    }

    /// Has `body` work on what the socket has; nil when that is nothing yet.
    private func receive<Success>(
        _ body: () throws(TLSError) -> Success
    ) throws(NetError) -> Success? {
        var result: Success?
        var failure: TLSError?
        _ = try unsafe transport.receive { bytes in
            if bytes.isEmpty { session.receiveEndOfStream() }
            do throws(TLSError) {
                result = unsafe try session.receive(bytes.span, body)
            } catch {
                failure = error
            }
        }
        if let failure { throw failed(failure) }
        return result
    }

    /// The same, once the socket has something.
    ///
    /// Records need not carry anything for the operation (key updates, RFC 8446 section 4.6.3): a peer that sends
    /// them faster than we take them would have the loop to itself, and outlast every deadline.
    nonisolated(nonsending) private func receive<Success>(
        _ receives: inout Int,
        until deadline: Deadline,
        _ body: () throws(TLSError) -> Success
    ) async throws(NetError) -> Success {
        receives += 1
        if receives > TLSChannel.receivesInARow {
            receives = 1
            await transport.loop.yield()
            guard !Task.isCancelled else { throw .cancelled }
            guard !deadline.hasPassed else { throw .timedOut }
        }
        while true {
            if let result = try receive(body) { return result }
            try await transport.wait(for: .reading, until: deadline)
        }
    }

    nonisolated(nonsending) private func flush(until deadline: Deadline) async throws(NetError) {
        while try !sendSome() { try await transport.wait(for: .writing, until: deadline) }
    }

    /// Sends what the socket takes; true when nothing is left.
    private func sendSome() throws(NetError) -> Bool {
        var bytes: [UInt8] = []
        swap(&bytes, &outgoing)
        session.takeOutput(into: &bytes)
        guard !bytes.isEmpty else { return true }
        var start = sent
        defer {
            sent = start
            swap(&bytes, &outgoing)
        }
        while start < bytes.count {
            guard let count = try transport.send(bytes.span.extracting(start...)) else { return false }
            start += count
        }
        start = 0
        bytes.removeAll(keepingCapacity: true)
        // An idle connection keeps no storage: the next one that sends takes it.
        transport.loop.giveSpareBuffer(bytes)
        bytes = []
        return true
    }

    private func checked<Success>(_ body: () throws(TLSError) -> Success) throws(NetError) -> Success {
        do throws(TLSError) {
            return try body()
        } catch {
            throw failed(error)
        }
    }

    /// Sends the alert that tells the peer why, if it goes out at once.
    private func failed(_ error: TLSError) -> NetError {
        _ = try? sendSome()
        return .tls(error)
    }
}
