/// Reads requests from bytes as they arrive, one after the other, as a server must (RFC 9112).
///
/// Bytes are put into ``inbox``; ``next()`` says what they make. After an error the stream has no known message
/// boundary any more: the connection is to be closed.
package struct HTTPRequestParser {
    /// What the bytes so far make.
    package enum Event: Equatable {
        /// Nothing more without more bytes: read up to ``wantedBytes``.
        case needsBytes
        /// A head is complete and its body is not, said once a request at most; ``declaredLength`` and
        /// ``expectsContinue`` are known.
        case head
        /// A request is complete.
        case request(HTTPRequest)
    }

    private enum Phase {
        case head
        case body(length: Int)
        case chunked
        case failed(HTTPMessageError)
    }

    /// Bytes that arrived and are not used up: the place to read into.
    ///
    /// Between calls only append to it.
    package var inbox: [UInt8] = []
    /// The length that the head declared; nil while no head is complete or the body is chunked.
    package private(set) var declaredLength: Int?
    /// Whether the client waits for `100 Continue` (RFC 9110 section 10.1.1).
    package private(set) var expectsContinue = false
    /// Whether the connection may be used again after the request last returned.
    package private(set) var keepsAlive = true
    /// Whether the answer may be chunked: HTTP/1.0 knows no transfer codings (RFC 9112 section 6.1).
    package private(set) var allowsChunkedAnswer = true

    private let maxBodyBytes: Int
    private let headLimits: HTTPHeadLimits
    private let readBytes: Int
    private var phase = Phase.head
    private var headReader: HTTPHeadReader
    private var chunkedDecoder: HTTPChunkedDecoder
    /// How much of the inbox is used up.
    private var position = 0
    /// The head whose body is still arriving.
    private var pending = HTTPRequest(method: "", target: "")
    /// What has arrived of that body before what stands in the inbox or, of a chunked one, in `pending`.
    private var pieces = HTTPBodyPieces()
    /// The inbox put aside while a body is read straight into its own array.
    private var spare: [UInt8] = []

    /// A parser at the beginning of a connection.
    package init(limits: HTTPServerLimits = HTTPServerLimits()) {
        maxBodyBytes = limits.maxBodyBytes
        headLimits = limits.head
        readBytes = limits.readBytes
        // RFC 9112 section 2.2: a server ignores an empty line before the request line.
        headReader = HTTPHeadReader(at: 0, limits: headLimits, skipsEmptyLine: true)
        chunkedDecoder = HTTPChunkedDecoder(limits: headLimits)
    }

    /// Whether bytes of an unfinished request have arrived; the empty line that may go before one is none of it.
    package var isInsideRequest: Bool {
        guard case .head = phase else { return true }
        return position < inbox.count && !"\r\n".utf8.starts(with: inbox[position...])
    }

    /// How many bytes of a body that is still arriving are held.
    package var heldBodyBytes: Int {
        switch phase {
        case .body: pieces.count + inbox.count
        case .chunked: pieces.count + pending.body.count
        case .head, .failed: 0
        }
    }

    /// How many bytes to read next at most, with room made in ``inbox`` for those of a body.
    ///
    /// The room grows with what has arrived, never with what was announced: 32 MiB in a header cost nothing.
    package mutating func wantedBytes() -> Int {
        guard case .body(let length) = phase else {
            return readBytes
        }
        pieces.putAway(&inbox, remaining: length - pieces.count - inbox.count)
        let remaining = length - pieces.count
        if inbox.capacity == inbox.count {
            inbox.reserveCapacity(min(remaining, max(2 * inbox.count, Self.firstBodyBytes)))
        }
        return min(remaining, inbox.capacity, HTTPBodyPieces.pieceBytes) - inbox.count
    }

    /// Above the 55 KB of a large review, so that an ordinary body is allocated once.
    private static let firstBodyBytes = 64 * 1024

    /// What the bytes so far make; call again until it needs more.
    package mutating func next() throws(HTTPMessageError) -> Event {
        do throws(HTTPMessageError) {
            switch phase {
            case .head: return try readHead()
            case .body(let length): return finishBody(length)
            case .chunked: return try readChunks()
            case .failed(let error): throw error
            }
        } catch {
            phase = .failed(error)
            throw error
        }
    }

    /// Lets go of what has arrived of a request that is refused: its answer, and the connection's end, can take a while.
    ///
    /// Nothing is to be read from the connection any more.
    package mutating func discard() {
        pending = HTTPRequest(method: "", target: "")
        pieces = HTTPBodyPieces()
        (inbox, spare, position) = ([], [], 0)
    }

    private mutating func readHead() throws(HTTPMessageError) -> Event {
        guard try headReader.advance(inbox) else { return .needsBytes }
        let head = Array(inbox[headReader.start..<headReader.end])
        position = headReader.end
        let line = try HTTPRequestLine(head[headReader.startLine ?? 0..<0])
        pending = HTTPRequest(
            method: line.method,
            target: line.target,
            headers: HTTPHeaders(bytes: head, fields: headReader.fields)
        )
        let framing = try HTTPFraming(pending.headers)
        try checkHost(line, framing)
        keepsAlive = line.minorVersion > 0 && !framing.closes
        allowsChunkedAnswer = line.minorVersion > 0
        // RFC 9110 section 10.1.1: an HTTP/1.0 client cannot mean it.
        expectsContinue = line.minorVersion > 0 && framing.expectsContinue
        guard line.minorVersion == 0 || !framing.hasUnknownExpectation else { throw .unsupportedExpectation }
        if framing.isChunked {
            // RFC 9112 section 6.1: HTTP/1.0 knows no transfer codings, so somebody's framing is wrong.
            guard line.minorVersion > 0 else { throw .malformedTransferEncoding }
            return try beginChunks()
        }
        return try beginBody(length: framing.contentLength ?? 0)
    }

    private mutating func beginChunks() throws(HTTPMessageError) -> Event {
        declaredLength = nil
        chunkedDecoder = HTTPChunkedDecoder(limits: headLimits)
        phase = .chunked
        let event = try readChunks()
        return event == .needsBytes ? .head : event
    }

    private mutating func beginBody(length: Int) throws(HTTPMessageError) -> Event {
        guard length <= maxBodyBytes else { throw .bodyTooLarge(limit: maxBodyBytes) }
        declaredLength = length
        if inbox.count - position >= length {
            if length > 0 { pending.body = Array(inbox[position..<position + length]) }
            position += length
            return finish()
        }
        phase = .body(length: length)
        swap(&inbox, &spare)
        inbox.reserveCapacity(min(length, max(Self.firstBodyBytes, spare.count - position)))
        inbox.append(contentsOf: spare[position...])
        spare.removeAll(keepingCapacity: true)
        position = 0
        return .head
    }

    private mutating func finishBody(_ length: Int) -> Event {
        let rest = length - pieces.count
        guard inbox.count >= rest else { return .needsBytes }
        swap(&inbox, &spare)
        if spare.count > rest {
            inbox.append(contentsOf: spare[rest...])
            spare.removeSubrange(rest...)
        }
        pending.body = pieces.joined(with: exchange(&spare, with: []))
        return finish()
    }

    private mutating func readChunks() throws(HTTPMessageError) -> Event {
        let isComplete: Bool
        do throws(HTTPMessageError) {
            isComplete = try chunkedDecoder.decode(
                inbox,
                from: &position,
                into: &pending.body,
                maxBytes: maxBodyBytes - pieces.count
            )
        } catch .bodyTooLarge {
            throw .bodyTooLarge(limit: maxBodyBytes)
        }
        if isComplete {
            pending.body = pieces.joined(with: exchange(&pending.body, with: []))
            return finish()
        }
        pieces.putAway(&pending.body, remaining: maxBodyBytes - pieces.count - pending.body.count)
        if position == inbox.count && !chunkedDecoder.isInTrailers {
            inbox.removeAll(keepingCapacity: true)
            position = 0
        }
        return .needsBytes
    }

    /// Hands out the request and makes ready for the next, which may have arrived already.
    private mutating func finish() -> Event {
        var request = HTTPRequest(method: "", target: "")
        swap(&request, &pending)
        if position == inbox.count {
            inbox.removeAll(keepingCapacity: true)
            position = 0
        } else if position >= inbox.count / 2 {
            // Never moving more than was used up keeps a row of small requests linear.
            inbox.removeSubrange(..<position)
            position = 0
        }
        headReader = HTTPHeadReader(at: position, limits: headLimits, skipsEmptyLine: true)
        phase = .head
        return .request(request)
    }

    /// RFC 9112 section 3.2: exactly one `Host` in HTTP/1.1, and the target's own authority wins over it.
    private mutating func checkHost(
        _ line: HTTPRequestLine,
        _ framing: HTTPFraming
    ) throws(HTTPMessageError) {
        guard let host = framing.host else {
            guard line.minorVersion == 0 else { throw .missingHost }
            return
        }
        let value = pending.headers.value(host)
        // RFC 9110 section 7.2: empty when the target has no authority.
        guard value.isEmpty || HTTPRequestLine.isAuthority(value) else { throw .invalidHost }
        if let authority = line.authority { pending.headers.set("Host", authority) }
    }
}
