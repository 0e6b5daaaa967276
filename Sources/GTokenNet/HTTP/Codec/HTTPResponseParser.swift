/// The first part of an answer, before its body.
package struct HTTPResponseHead: Sendable, Equatable {
    /// The status code, 200 to 999; interim answers (1xx) are never handed out.
    package let status: Int
    /// The fields of the head.
    package let headers: HTTPHeaders
}

/// How much of an answer a client reads before it refuses it.
struct HTTPResponseLimits: Sendable {
    /// A server's heads are small; those of Google and AWS are under 2 KiB, and cookies are none of ours.
    static let head = HTTPHeadLimits(maxStartLineBytes: 8 * 1024, maxHeadBytes: 64 * 1024, maxFields: 200)

    /// Interim answers before the real one; more than a few is a server gone wrong.
    static let maxInterimResponses = 8
}

/// Reads one answer from bytes as they arrive, as a client must (RFC 9112).
struct HTTPResponseParser {
    enum Event: Equatable {
        /// Nothing more without more bytes.
        case needsBytes
        /// The head is complete.
        case head(HTTPResponseHead)
        /// The answer is complete; what the inbox still holds, nobody asked for.
        case end
    }

    private enum Phase {
        case head
        case body(HTTPBodyLength)
        case end
    }

    /// Bytes that arrived and are not used up: the place to read into.
    var inbox: [UInt8] = []
    /// Whether any byte of the answer has arrived.
    private(set) var hasBegun = false

    private let method: String
    private let maxBodyBytes: Int
    private var phase = Phase.head
    private var headReader = HTTPHeadReader(at: 0, limits: HTTPResponseLimits.head)
    private var statusLine: HTTPStatusLine?
    private var chunkedDecoder = HTTPChunkedDecoder(limits: HTTPResponseLimits.head)
    private var position = 0
    private var bodyBytes = 0
    private var remaining = 0
    private var interimResponses = 0
    private var serverKeepsAlive = false

    /// A parser for the answer to a request of that method: `HEAD` has no body, nor has a successful `CONNECT`.
    init(method: String, maxBodyBytes: Int) {
        self.method = method
        self.maxBodyBytes = maxBodyBytes
    }

    /// Whether the connection can be used again: the answer is complete, nothing follows it, and both the server
    /// and the framing allow it.
    var keepsAlive: Bool {
        guard case .end = phase else { return false }
        return serverKeepsAlive && position == inbox.count
    }

    /// Bytes that came behind the head: the beginning of a tunnel after `CONNECT`.
    var unused: ArraySlice<UInt8> { inbox[position...] }

    /// What the bytes so far make; call again until it needs more or is at the end.
    ///
    /// Body bytes are appended to `body`.
    mutating func next(into body: inout [UInt8]) throws(HTTPMessageError) -> Event {
        hasBegun = hasBegun || !inbox.isEmpty
        switch phase {
        case .head:
            return try readHead()
        case .body(.known):
            let count = min(remaining, inbox.count - position)
            body.append(contentsOf: inbox[position..<position + count])
            use(count)
            remaining -= count
            if remaining > 0 { return .needsBytes }
        case .body(.chunked):
            let isComplete = try decodeChunks(into: &body)
            if !chunkedDecoder.isInTrailers { use(0) }
            guard isComplete else { return .needsBytes }
        case .body(.untilClose):
            let count = inbox.count - position
            guard count <= maxBodyBytes - bodyBytes else { throw .bodyTooLarge(limit: maxBodyBytes) }
            body.append(contentsOf: inbox[position...])
            bodyBytes += count
            use(count)
            return .needsBytes
        case .end:
            break
        }
        phase = .end
        return .end
    }

    /// Takes in what has arrived.
    mutating func receive(_ bytes: [UInt8]) {
        if inbox.isEmpty { inbox = bytes } else { inbox.append(contentsOf: bytes) }
    }

    /// Says that the server closed its side: the end of a body without length, an error anywhere else.
    mutating func finish() throws(HTTPMessageError) {
        switch phase {
        case .end, .body(.untilClose): phase = .end
        case .head, .body: throw .truncated
        }
    }

    private mutating func decodeChunks(into body: inout [UInt8]) throws(HTTPMessageError) -> Bool {
        let before = body.count
        let (limit, overflow) = before.addingReportingOverflow(maxBodyBytes - bodyBytes)
        do throws(HTTPMessageError) {
            let isComplete = try chunkedDecoder.decode(
                inbox,
                from: &position,
                into: &body,
                maxBytes: overflow ? .max : limit
            )
            bodyBytes += body.count - before
            return isComplete
        } catch .bodyTooLarge {
            throw .bodyTooLarge(limit: maxBodyBytes)
        }
    }

    private mutating func use(_ count: Int) {
        position += count
        guard position == inbox.count else { return }
        inbox.removeAll(keepingCapacity: true)
        position = 0
    }

    private mutating func readHead() throws(HTTPMessageError) -> Event {
        let isComplete: Bool
        do throws(HTTPMessageError) {
            isComplete = try headReader.advance(inbox)
        } catch {
            try readStatusLine()
            throw error
        }
        try readStatusLine()
        guard isComplete, let line = statusLine.take() else { return .needsBytes }
        let bytes = Array(inbox[..<headReader.end])
        position = headReader.end
        let head = HTTPResponseHead(
            status: line.status,
            headers: HTTPHeaders(bytes: bytes, fields: headReader.fields)
        )
        if (100..<200).contains(line.status) {
            // RFC 9110 section 15.2: to be skipped, except a switch of protocols that nobody asked for.
            interimResponses += 1
            guard line.status != 101, interimResponses <= HTTPResponseLimits.maxInterimResponses else {
                throw .malformedStatusLine
            }
            inbox.removeSubrange(..<position)
            position = 0
            headReader = HTTPHeadReader(at: 0, limits: HTTPResponseLimits.head)
            return try readHead()
        }
        let framing = try HTTPFraming(head.headers)
        serverKeepsAlive = line.minorVersion > 0 && !framing.closes
        try beginBody(head, framing, isHTTP10: line.minorVersion == 0)
        return .head(head)
    }

    /// Judges the first line before the rest is there: a server of another protocol may wait for us behind its
    /// greeting.
    private mutating func readStatusLine() throws(HTTPMessageError) {
        guard statusLine == nil, let line = headReader.startLine else { return }
        statusLine = try HTTPStatusLine(inbox[line])
    }

    /// RFC 9112 section 6.3.
    private mutating func beginBody(
        _ head: HTTPResponseHead,
        _ framing: HTTPFraming,
        isHTTP10: Bool
    ) throws(HTTPMessageError) {
        let isTunnel = method == "CONNECT" && (200..<300).contains(head.status)
        if method == "HEAD" || isTunnel || head.status == 204 || head.status == 304 {
            phase = .end
        } else if framing.isChunked {
            guard !isHTTP10 else { throw .malformedTransferEncoding }
            phase = .body(.chunked)
        } else if let length = framing.contentLength {
            guard length <= maxBodyBytes else { throw .bodyTooLarge(limit: maxBodyBytes) }
            remaining = length
            phase = .body(.known(length))
        } else {
            serverKeepsAlive = false
            phase = .body(.untilClose)
        }
    }
}
