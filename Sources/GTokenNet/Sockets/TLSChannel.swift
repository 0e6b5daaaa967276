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
    func handshake(until deadline: Deadline) async throws(NetError) {
        var receives = 0
        while true {
            let progress = try checked { () throws(TLSError) in try session.handshake() }
            try await flush(until: deadline)
            if progress == .done { return }
            try await takeTurn(&receives, until: deadline)
            try await receive(until: deadline)
        }
    }

    /// Appends plaintext, waiting for it; 0 when the peer has ended its side.
    func read(
        into bytes: inout [UInt8],
        atMost limit: Int,
        until deadline: Deadline
    ) async throws(NetError) -> Int {
        var receives = 0
        while true {
            let result: TLSReadResult
            do throws(TLSError) {
                result = try session.read(into: &bytes, atMost: limit)
            } catch {
                throw failed(error)
            }
            switch result {
            case .bytes(let count): return count
            case .closed: return 0
            case .needsInput:
                // Reading may have something to say (a key update's answer). What the socket does not take now
                // goes with the next write, so that a reader never waits for its peer to read; a peer that makes us
                // answer and never reads would fill our memory.
                _ = try? sendSome()
                guard outgoing.count <= TLSChannel.maxUnsentBytes else {
                    throw NetError.tls(.protocolViolation(reason: "peer does not read"))
                }
                try await takeTurn(&receives, until: deadline)
                try await receive(until: deadline)
            }
        }
    }

    /// Encrypts and sends all of `bytes`.
    func write(_ bytes: ArraySlice<UInt8>, until deadline: Deadline) async throws(NetError) {
        var rest = bytes
        repeat {
            let part = rest.prefix(TLSChannel.plaintextPerRound)
            rest = rest.dropFirst(part.count)
            try checked { () throws(TLSError) in try session.write(part.span) }
            try await flush(until: deadline)
        } while !rest.isEmpty
    }

    /// Tells the peer that nothing more follows.
    func endWriting(until deadline: Deadline) async throws(NetError) {
        session.closeNotify()
        try await flush(until: deadline)
    }

    /// The same without waiting, for a connection that is closed next.
    func endWritingAtOnce() {
        session.closeNotify()
        _ = try? sendSome()
    }

    /// Goes before each receive of an operation.
    ///
    /// Records need not carry anything for the operation (key updates, RFC 8446 section 4.6.3): a peer that sends
    /// them faster than we take them would have the loop to itself, and outlast every deadline.
    private func takeTurn(_ receives: inout Int, until deadline: Deadline) async throws(NetError) {
        receives += 1
        guard receives > TLSChannel.receivesInARow else { return }
        receives = 1
        await transport.loop.yield()
        guard !Task.isCancelled else { throw .cancelled }
        guard !deadline.hasPassed else { throw .timedOut }
    }

    private func receive(until deadline: Deadline) async throws(NetError) {
        var failure: TLSError?
        while true {
            let count = try unsafe transport.receive { bytes in
                do throws(TLSError) {
                    unsafe try session.receive(bytes.span)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failed(failure) }
            guard let count else {
                try await transport.wait(for: .reading, until: deadline)
                continue
            }
            if count == 0 { session.receiveEndOfStream() }
            return
        }
    }

    private func flush(until deadline: Deadline) async throws(NetError) {
        while try !sendSome() {
            try await transport.wait(for: .writing, until: deadline)
        }
    }

    /// Sends what the socket takes; true when nothing is left.
    private func sendSome() throws(NetError) -> Bool {
        if outgoing.isEmpty { swap(&outgoing, &transport.loop.spareBuffer) }
        session.takeOutput(into: &outgoing)
        while sent < outgoing.count {
            guard let count = try transport.send(outgoing[sent...]) else { return false }
            sent += count
        }
        sent = 0
        outgoing.removeAll(keepingCapacity: true)
        // An idle connection keeps no storage: the next one that sends takes it.
        transport.loop.spareBuffer = outgoing
        outgoing = []
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
