/// Serves one connection: reads requests, has them answered, in order, until one side has had enough.
///
/// Unchecked because its state belongs to the connection's loop; `stopWaiting` moves there.
final class HTTPServerConnection: @unchecked Sendable {
    /// What reading for a request came to.
    private enum Received {
        case request(HTTPRequest)
        /// The reason is nil where the connection as a whole has been counted.
        case refusal(HTTPResponse, HTTPServerCounters.Rejection?)
        case end
    }

    /// An answer up to this size goes out in one piece with its head: copying costs less than another packet.
    private static let maxJoinedBytes = 64 * 1024
    /// What is kept of the storage for answers, for a connection that may lie idle for two minutes.
    private static let maxKeptBytes = 16 * 1024
    /// What an idle connection may still bring after the server began to stop: a request that was on its way.
    private static let stopGrace = Duration.milliseconds(50)

    let connection: Connection
    let shared: HTTPServerShared
    private let isOverLimit: Bool
    var limits: HTTPServerLimits { shared.limits }
    private var isIdle = false
    /// Whether an answer is being sent that is made meanwhile.
    var isStreaming = false
    private var heldBytes = 0
    /// Its place among the others: belongs to ``HTTPServerPlaces``, and is touched under the lock of that alone.
    var place: HTTPServerPlaces.Place?
    private let note = HTTPServerTurn.Note(HTTPServerTurn(phase: .stranger, since: .now))

    init(_ connection: Connection, shared: HTTPServerShared, isOverLimit: Bool) {
        self.connection = connection
        self.shared = shared
        self.isOverLimit = isOverLimit
    }

    /// Serves to the end; on the connection's loop.
    func serve() async {
        await withTaskCancellationHandler {
            do throws(NetError) {
                if try await shakeHands() { try await serveRequests() }
            } catch {
                // The client has left, or the server's time is over: there is nobody to tell.
            }
        } onCancel: {
            connection.loop.execute { self.connection.interruptReading() }
        }
        close()
        shared.leave(self)
    }

    /// Closes the connection, which ends what goes on with it; from any thread.
    func close() {
        connection.close()
    }

    /// Whose turn it is; from any thread.
    var turn: HTTPServerTurn { note.turn }

    /// Notes whose turn it is from now on.
    func move(to phase: HTTPServerTurn.Phase) {
        if note.turn.phase == .stranger { shared.know(self) }
        note.set(HTTPServerTurn(phase: phase, since: .now))
    }

    /// Wakes a connection that waits for a request, or streams an answer, so that it sees that the server is stopping.
    func stopWaiting() {
        connection.loop.execute {
            if self.isIdle || self.isStreaming { self.connection.interruptReading() }
        }
    }

    nonisolated(nonsending) private func shakeHands() async throws(NetError) -> Bool {
        guard let tls = shared.tls else { return true }
        let deadline = Deadline.after(limits.handshakeTimeout)
        do throws(NetError) {
            // A session that waits for the client's first message holds 40 KiB: who only connects gets none.
            try await connection.waitForInput(deadline: deadline)
            let session: TLSSession
            do throws(TLSError) {
                session = try TLSSession(server: tls())
            } catch {
                throw NetError.tls(error)
            }
            try await connection.startTLS(session, deadline: deadline)
            return true
        } catch .cancelled {
            throw .cancelled
        } catch {
            shared.counters.count(.handshake)
            return false
        }
    }

    nonisolated(nonsending) private func serveRequests() async throws(NetError) {
        var parser = HTTPRequestParser(limits: limits)
        var output: [UInt8] = []
        var closes = false
        while !closes {
            switch try await receive(&parser) {
            case .request(var request):
                shared.counters.countRequest()
                request.isFromVerifiedClient = connection.hasVerifiedPeer
                move(to: .inHandler)
                // The request ends with the handler: its body is let go before the answer waits for the client.
                let method = request.method
                let response = await shared.handler(request)
                hold(0)
                move(to: .answered)
                // Requests that have arrived behind this one are still answered when the server stops.
                closes =
                    !parser.keepsAlive || (shared.isStopping && !parser.isInsideRequest)
                    || response.headers.listsClose
                try await send(response, to: method, &parser, closes: closes, &output)
                move(to: .known)
                // Who sends many requests at once does not keep the others waiting for all of them.
                if parser.isInsideRequest { await connection.loop.yield() }
            case .refusal(let response, let reason):
                if let reason { shared.counters.count(reason) }
                parser.discard()
                hold(0)
                closes = true
                try await send(response, to: "", &parser, closes: true, &output)
            case .end:
                return
            }
        }
        await connection.closeGracefully(deadline: .after(limits.lingerTimeout))
    }

    // MARK: Reading

    nonisolated(nonsending) private func receive(
        _ parser: inout HTTPRequestParser
    ) async throws(NetError) -> Received {
        // Asked for only when a request does not come in one piece.
        var deadline: Deadline?
        var bodyBegan: Deadline?
        while true {
            let event: HTTPRequestParser.Event
            do throws(HTTPMessageError) {
                event = try parser.next()
            } catch {
                return refusal(of: error)
            }
            switch event {
            case .request(let request):
                return isOverLimit ? .refusal(.tryAgain, nil) : held(request)
            case .head:
                if isOverLimit { return .refusal(.tryAgain, nil) }
                if let refusal = try await prepareForBody(parser) { return refusal }
                bodyBegan = .now
            case .needsBytes where !parser.isInsideRequest:
                guard try await awaitRequest(&parser) else { return .end }
            case .needsBytes:
                if let bodyBegan {
                    guard hold(parser.heldBodyBytes) else { return .refusal(.tryAgain, .bodyLimit) }
                    deadline = bodyBegan.advanced(by: limits.time(for: heldBytes, beside: limits.bodyTimeout))
                }
                let limit = deadline ?? .after(limits.headTimeout)
                deadline = limit
                do throws(NetError) {
                    guard try await read(into: &parser, deadline: { limit }) else { return .end }
                } catch .cancelled where shared.isStopping && !Task.isCancelled {
                    // Meant for the wait for this request, whose first bytes came at the same time.
                    continue
                } catch .timedOut {
                    return .refusal(.text("the request did not arrive in time\n", status: 408), .timeout)
                }
            }
        }
    }

    /// Waits for a request's first bytes; false when none come.
    nonisolated(nonsending) private func awaitRequest(
        _ parser: inout HTTPRequestParser
    ) async throws(NetError) -> Bool {
        while true {
            isIdle = true
            defer { isIdle = false }
            do throws(NetError) {
                let hasBegun = try await read(into: &parser) {
                    .after(shared.isStopping ? Self.stopGrace : limits.idleTimeout)
                }
                note.set(HTTPServerTurn(phase: turn.phase, since: .now))
                return hasBegun
            } catch .timedOut {
                return false
            } catch .cancelled {
                // Interrupted: the server is stopping. A task that is cancelled finds out at its next read.
                guard shared.isStopping, !Task.isCancelled else { throw .cancelled }
            }
        }
    }

    /// Reads what has come, or else what comes until a deadline; false at the end.
    nonisolated(nonsending) private func read(
        into parser: inout HTTPRequestParser,
        deadline: () -> Deadline
    ) async throws(NetError) -> Bool {
        let limit = parser.wantedBytes()
        if let count = try connection.readAtOnce(into: &parser.inbox, atMost: limit) { return count > 0 }
        let deadline = deadline()
        try await connection.waitInterruptibly(deadline: deadline)
        if let count = try connection.readAtOnce(into: &parser.inbox, atMost: limit) { return count > 0 }
        return try await connection.read(into: &parser.inbox, atMost: limit, deadline: deadline) > 0
    }

    /// Looks whether a body may come, and says so to a client that asks.
    nonisolated(nonsending) private func prepareForBody(
        _ parser: HTTPRequestParser
    ) async throws(NetError) -> Received? {
        if let length = parser.declaredLength {
            guard shared.hasRoom(for: length, of: self) else { return .refusal(.tryAgain, .bodyLimit) }
        }
        if parser.expectsContinue {
            try await connection.write(HTTPEncoder.continueResponse, deadline: .after(limits.writeTimeout))
        }
        return nil
    }

    private func held(_ request: HTTPRequest) -> Received {
        hold(request.body.count) ? .request(request) : .refusal(.tryAgain, .bodyLimit)
    }

    /// Accounts for this many bytes in place of those accounted for so far.
    @discardableResult
    private func hold(_ bytes: Int) -> Bool {
        guard bytes != heldBytes else { return true }
        guard shared.hold(bytes, before: heldBytes, for: self) else { return false }
        heldBytes = bytes
        return true
    }

    private func refusal(of error: HTTPMessageError) -> Received {
        let isTooLarge = [413, 414, 431].contains(error.status)
        return .refusal(.text("\(error)\n", status: error.status), isTooLarge ? .tooLarge : .malformed)
    }

    // MARK: Writing

    nonisolated(nonsending) private func send(
        _ response: HTTPResponse,
        to method: String,
        _ parser: inout HTTPRequestParser,
        closes: Bool,
        _ output: inout [UInt8]
    ) async throws(NetError) {
        let sendsBody = HTTPEncoder.sendsBody(of: response, toMethod: method)
        let body = sendsBody ? response.body : []
        // Asked for only when the client does not take all at once.
        let deadline = { [limits] in Deadline.after(limits.time(for: body.count, beside: limits.writeTimeout))
        }
        output.removeAll(keepingCapacity: true)
        HTTPEncoder.appendHead(
            of: response,
            closes: closes,
            allowsChunks: parser.allowsChunkedAnswer,
            to: &output
        )
        if let stream = response.stream, sendsBody {
            guard stream != .unanswered else { throw .closed }
            try await write(output, deadline: deadline)
            parser.inbox += try await send(stream, isChunked: parser.allowsChunkedAnswer)
        } else if body.count <= Self.maxJoinedBytes {
            output.append(contentsOf: body)
            await connection.loop.gather()
            try await write(output, deadline: deadline)
        } else {
            try await write(output, deadline: deadline)
            try await write(body, deadline: deadline)
        }
        if output.capacity > Self.maxKeptBytes { output = [] }
    }

    nonisolated(nonsending) private func write(
        _ bytes: [UInt8],
        deadline: () -> Deadline
    ) async throws(NetError) {
        guard let rest = try connection.writeAtOnce(bytes[...]) else { return }
        try await connection.write(rest, deadline: deadline())
    }
}

extension HTTPServerLimits {
    /// How long so many bytes may be on their way, besides what is allowed for any number.
    func time(for bytes: Int, beside base: Duration) -> Duration {
        base + .milliseconds(bytes / max(1, minBytesPerSecond / 1000))
    }
}

extension HTTPResponse {
    /// The one polite "not now": an API server waits and calls again within its timeout.
    package static let tryAgain = HTTPResponse(
        status: 503,
        headers: ["Content-Type": "text/plain; charset=utf-8", "Retry-After": "1"],
        body: Array("too many requests in flight\n".utf8)
    )
}
