/// One request and its answer on one connection.
///
/// Unchecked because it is used on the connection's loop only; every read and write checks that.
final class HTTPExchange: @unchecked Sendable {
    /// A body up to this size goes out in one piece with its head: copying costs less than another packet.
    private static let maxJoinedBytes = 64 * 1024

    let connection: Connection
    let origin: HTTPOrigin
    private let url: HTTPURL
    private let maxBodyBytes: Int
    private let isLast: Bool
    private var parser: HTTPResponseParser
    private var isEnded = false
    /// Whether the connection has gone back to the client, where it may serve another request by now.
    private var isHandedBack = false

    init(_ request: HTTPClientRequest, on connection: Connection, origin: HTTPOrigin, maxBodyBytes: Int) {
        self.connection = connection
        self.origin = origin
        self.maxBodyBytes = maxBodyBytes
        url = request.url
        isLast = !request.keepsConnection
        parser = HTTPResponseParser(method: request.method, maxBodyBytes: maxBodyBytes)
    }

    /// Whether any byte of an answer has arrived.
    var hasAnswer: Bool { parser.hasBegun }

    /// Whether another request may follow on the connection.
    var keepsAlive: Bool { parser.keepsAlive && !isLast }

    /// Gives up the connection, for the caller to keep or to close; true the first time.
    func handBack() -> Bool {
        defer { isHandedBack = true }
        return !isHandedBack
    }

    /// Closes the connection if it is still this exchange's; from any thread.
    func abandon() {
        connection.loop.execute {
            if !self.isHandedBack { self.connection.close() }
        }
    }

    /// Sends the request and reads the answer's head.
    func start(
        _ request: HTTPClientRequest,
        headers: HTTPHeaders,
        deadline: Deadline
    ) async throws(HTTPClientError) -> HTTPResponseHead {
        var failure: NetError?
        do throws(NetError) {
            try await send(request, headers: headers, deadline: deadline)
        } catch {
            // A server that refuses a body answers and closes before it has read it: the answer says why.
            guard case .system = error else { throw HTTPClientError(error, url: url, connecting: false) }
            failure = error
        }
        do throws(HTTPClientError) {
            return try await readHead(deadline: deadline)
        } catch {
            guard let failure, !hasAnswer else { throw error }
            throw HTTPClientError(failure, url: url, connecting: false)
        }
    }

    /// Appends what comes next of the body, at least a byte; false at its end.
    func read(into body: inout [UInt8], deadline: Deadline) async throws(HTTPClientError) -> Bool {
        let before = body.count
        while !isEnded {
            switch try next(into: &body) {
            case .head: continue
            case .end: isEnded = true
            case .needsBytes:
                if body.count > before { return true }
                try await receive(deadline: deadline)
            }
        }
        return body.count > before
    }

    private func send(
        _ request: HTTPClientRequest,
        headers: HTTPHeaders,
        deadline: Deadline
    ) async throws(NetError) {
        let isAbsolute = origin.proxy != nil && url.scheme == .http
        var bytes: [UInt8] = []
        HTTPEncoder.appendHead(
            method: request.method,
            // RFC 9112 section 3.2.2: a proxy is told the whole URL.
            target: isAbsolute ? "http://\(url.hostField)\(url.target)" : url.target,
            host: url.hostField,
            headers: headers,
            bodyBytes: request.body.count,
            closes: isLast,
            to: &bytes
        )
        if request.body.count <= Self.maxJoinedBytes {
            bytes.append(contentsOf: request.body)
            try await connection.write(bytes, deadline: deadline)
        } else {
            try await connection.write(bytes, deadline: deadline)
            try await connection.write(request.body, deadline: deadline)
        }
    }

    private func readHead(deadline: Deadline) async throws(HTTPClientError) -> HTTPResponseHead {
        var none: [UInt8] = []
        while true {
            switch try next(into: &none) {
            case .head(let head): return head
            case .end: throw .closedEarly(url: url.description)
            case .needsBytes: try await receive(deadline: deadline)
            }
        }
    }

    private func receive(deadline: Deadline) async throws(HTTPClientError) {
        // A local array: the parser must not be held for writing while the task waits.
        var bytes: [UInt8] = []
        do throws(NetError) {
            guard try await connection.read(into: &bytes, deadline: deadline) == 0 else {
                parser.receive(bytes)
                return
            }
        } catch {
            throw HTTPClientError(error, url: url, connecting: false)
        }
        do throws(HTTPMessageError) {
            try parser.finish()
        } catch {
            throw .closedEarly(url: url.description)
        }
    }

    private func next(into body: inout [UInt8]) throws(HTTPClientError) -> HTTPResponseParser.Event {
        do throws(HTTPMessageError) {
            return try parser.next(into: &body)
        } catch .bodyTooLarge {
            throw .responseTooLarge(url: url.description, limit: maxBodyBytes)
        } catch {
            throw .malformedResponse(url: url.description, cause: error)
        }
    }
}
