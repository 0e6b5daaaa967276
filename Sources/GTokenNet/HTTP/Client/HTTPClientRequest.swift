/// A request for a client to make, with its own limits.
package struct HTTPClientRequest: Sendable {
    /// The method, a token (RFC 9110 section 9.1).
    package var method: String
    /// Whom and what to ask.
    package var url: HTTPURL
    /// Fields besides `Host` and `Content-Length`, which are the client's; it adds a `User-Agent` unless one is here.
    package var headers: HTTPHeaders
    /// The content; empty for none.
    package var body: [UInt8]
    /// The time for everything up to the answer's last byte; of a stream, to the end of its head.
    ///
    /// 30 s, beyond which none of the callers' own deadlines goes.
    package var timeout = Duration.seconds(30)
    /// The part of it for resolving, connecting, the proxy and the TLS handshake.
    ///
    /// 10 s: beyond that a packet was lost several times over, and another attempt is the better chance.
    package var connectTimeout = Duration.seconds(10)
    /// The largest body to take; of a stream there is no limit.
    ///
    /// 8 MiB: the largest object of Kubernetes is 3 MiB, answers of Google and AWS are kilobytes.
    package var maxResponseBytes = 8 * 1024 * 1024
    /// Where to connect to; nil for what the URL's host resolves to.
    ///
    /// The names that are sent and verified are the URL's. A proxy is not asked.
    package var address: SocketAddress?
    /// Whether the environment's proxy applies.
    ///
    /// False for what only this node can reach, such as a metadata server.
    package var usesProxy = true
    /// Whether the connection may wait for another request.
    ///
    /// False for what is asked once an hour: a connection that waits has to be closed later, which wakes the process.
    package var keepsConnection = true
    /// Whether the request may be sent twice; nil when the method says so (RFC 9110 section 9.2.2).
    package var isReplayable: Bool?

    /// A request with the default limits.
    package init(
        method: String = "GET",
        url: HTTPURL,
        headers: HTTPHeaders = [:],
        body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// A `POST` of names and values as `application/x-www-form-urlencoded`.
    package static func post(_ form: HTTPForm, to url: HTTPURL) -> HTTPClientRequest {
        HTTPClientRequest(
            method: "POST",
            url: url,
            headers: ["Content-Type": HTTPForm.mediaType],
            body: form.encoded
        )
    }

    /// Whether it may be sent again when the first attempt may have reached the server.
    var mayBeSentTwice: Bool {
        isReplayable ?? ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(method)
    }
}
