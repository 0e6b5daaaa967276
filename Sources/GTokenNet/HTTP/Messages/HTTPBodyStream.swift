/// The content of an answer that is made while it is sent, such as a watch: pieces, each asked for once the client
/// has taken the one before.
///
/// The server asks on the connection's loop and as long as somebody listens: when the client leaves or the server is
/// stopped, the task that waits for the next piece is cancelled. What it then answers says how the content ends.
package final class HTTPBodyStream: Sendable {
    /// What asking for more content comes to.
    package enum Piece: Sendable, Equatable {
        /// Content, in any size; it goes out as one chunk.
        case bytes([UInt8])
        /// Everything has been sent.
        case end
        /// There is more that will not come: the connection is closed, so that the client cannot take what it has
        /// for the whole.
        case cut
    }

    /// Asks for the next piece; not called again after one that is no `bytes`.
    let next: @Sendable () async -> Piece

    /// A stream of the pieces that `next` makes.
    package init(_ next: @escaping @Sendable () async -> Piece) {
        self.next = next
    }

    /// No answer at all, for a stand-in that plays a server which went away: the connection is closed instead.
    package static let unanswered = HTTPBodyStream { .cut }
}

extension HTTPBodyStream: Equatable {
    /// Whether both are the same stream: what it will say cannot be compared.
    package static func == (left: HTTPBodyStream, right: HTTPBodyStream) -> Bool { left === right }
}

extension HTTPResponse {
    /// An answer whose content is made while it is sent.
    ///
    /// The content goes out chunked, to a client of HTTP/1.0 up to the end of the connection.
    package static func stream(
        status: Int = 200,
        contentType: String,
        _ next: @escaping @Sendable () async -> HTTPBodyStream.Piece
    ) -> HTTPResponse {
        var response = HTTPResponse(status: status, contentType: contentType, body: [])
        response.stream = HTTPBodyStream(next)
        return response
    }

    /// No answer: the connection is closed.
    package static let unanswered: HTTPResponse = {
        var response = HTTPResponse.empty(status: 503)
        response.stream = .unanswered
        return response
    }()
}
