/// Why a request has no answer; facts only, no query, no field and no byte of a body.
package enum HTTPClientError: Error, Equatable, Sendable {
    /// The host, or the proxy, could not be resolved or connected to.
    case connect(url: String, cause: NetError)
    /// The connection failed while the request was sent or the answer awaited.
    case exchange(url: String, cause: NetError)
    /// The time was over: while connecting, or later.
    case timedOut(url: String, connecting: Bool)
    /// The server closed the connection without an answer, or in the middle of it.
    case closedEarly(url: String)
    /// What came is not HTTP/1.1.
    case malformedResponse(url: String, cause: HTTPMessageError)
    /// The answer's body is larger than the request's limit.
    case responseTooLarge(url: String, limit: Int)
    /// The proxy answered `CONNECT` with this status.
    case proxyRefused(url: String, proxy: String, status: Int)
    /// An `https` URL, and the client was given no certificates to trust.
    case noTrustedRoots(url: String)
    /// The method is not a token.
    case invalidMethod(url: String)
    /// The task was cancelled.
    case cancelled(url: String)

    /// Whether the same request may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .connect(_, let cause), .exchange(_, let cause): cause.isTransient
        case .timedOut, .closedEarly: true
        case .proxyRefused(_, _, let status): status >= 500 || status == 429
        case .malformedResponse, .responseTooLarge, .noTrustedRoots, .invalidMethod, .cancelled: false
        }
    }
}

extension HTTPClientError: CustomStringConvertible {
    /// One lower-case line.
    package var description: String {
        switch self {
        case .connect(let url, let cause): "cannot connect to \(url): \(cause)"
        case .exchange(let url, let cause): "connection to \(url) failed: \(cause)"
        case .timedOut(let url, true): "connecting to \(url) timed out"
        case .timedOut(let url, false): "no complete answer from \(url) in time"
        case .closedEarly(let url): "\(url) closed the connection before its answer was complete"
        case .malformedResponse(let url, let cause): "answer of \(url) is not HTTP/1.1: \(cause)"
        case .responseTooLarge(let url, let limit): "answer of \(url) is larger than \(limit) bytes"
        case .proxyRefused(let url, let proxy, let status):
            "proxy \(proxy) refused to connect to \(url) with status \(status)"
        case .noTrustedRoots(let url): "no trusted certificates to connect to \(url)"
        case .invalidMethod(let url): "invalid method for \(url)"
        case .cancelled(let url): "request to \(url) was cancelled"
        }
    }
}
