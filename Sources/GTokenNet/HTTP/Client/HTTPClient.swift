private import GTokenRuntime

/// An HTTP/1.1 client: keeps connections, verifies every certificate, follows no redirect.
///
/// A request goes over an idle connection to the same origin when there is one. When that turns out to be closed
/// before any byte of an answer, the request is sent once more on a new one, if it may be sent twice. Nothing else is
/// ever repeated: that is the caller's to decide, with `HTTPClientError.isTransient`.
package final class HTTPClient: Sendable {
    private let loop: EventLoop
    private let connector: HTTPConnector
    private let proxies: ProxySettings
    private let userAgent: String
    private let pool: HTTPConnectionPool

    /// A client whose connections live on `loop`; `tls` is needed for `https`.
    package init(
        loop: EventLoop,
        tls: TLSClientContext? = nil,
        proxies: ProxySettings = .none,
        userAgent: String = "gtoken/\(buildVersion)"
    ) {
        self.loop = loop
        self.proxies = proxies
        self.userAgent = userAgent
        connector = HTTPConnector(loop: loop, tls: tls)
        pool = HTTPConnectionPool(loop: loop)
    }

    deinit {
        pool.close()
    }

    /// The complete answer to a request, whatever its status; from any task.
    package func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPResponse {
        let deadline = Deadline.after(request.timeout)
        return try await onLoop { () async throws(HTTPClientError) in
            let (head, exchange) = try await self.start(
                request,
                maxBodyBytes: request.maxResponseBytes,
                deadline: deadline
            )
            var body: [UInt8] = []
            do throws(HTTPClientError) {
                while try await exchange.read(into: &body, deadline: deadline) {}
            } catch {
                exchange.connection.close()
                throw error
            }
            self.finish(exchange)
            return HTTPResponse(status: head.status, headers: head.headers, body: body)
        }
    }

    /// The answer as it comes: its head, and a body that may go on for hours; from any task.
    ///
    /// `idleTimeout` limits the wait for each next piece of the body; nil waits as long as it takes. A stream that is
    /// no longer wanted is ended with ``HTTPResponseStream/cancel()``, or by cancelling the task that reads it.
    package func stream(
        _ request: HTTPClientRequest,
        idleTimeout: Duration? = nil
    ) async throws(HTTPClientError) -> HTTPResponseStream {
        let deadline = Deadline.after(request.timeout)
        return try await onLoop { () async throws(HTTPClientError) in
            let (head, exchange) = try await self.start(request, maxBodyBytes: .max, deadline: deadline)
            return HTTPResponseStream(head: head, exchange: exchange, client: self, idleTimeout: idleTimeout)
        }
    }

    /// Closes the connections that are idle, and those in use when their answer is read; from any thread.
    package func close() {
        pool.close()
    }

    /// Runs `body` on the loop that the connections need.
    func onLoop<Success: Sendable>(
        _ body: @Sendable () async throws(HTTPClientError) -> Success
    ) async throws(HTTPClientError) -> Success {
        if loop.isCurrent { return try await body() }
        return try await withTaskExecutorPreference(loop) { () async throws(HTTPClientError) in
            try await body()
        }
    }

    /// Keeps or closes a connection whose answer has been read; no effect the second time.
    func finish(_ exchange: HTTPExchange) {
        guard exchange.handBack() else { return }
        if exchange.keepsAlive, !exchange.connection.isClosed {
            pool.put(exchange.connection, for: exchange.origin)
        } else {
            exchange.connection.close()
        }
    }

    private func start(
        _ request: HTTPClientRequest,
        maxBodyBytes: Int,
        deadline: Deadline
    ) async throws(HTTPClientError) -> (HTTPResponseHead, HTTPExchange) {
        let url = request.url
        guard HTTPSyntax.isToken(request.method), request.method != "CONNECT" else {
            throw .invalidMethod(url: url.description)
        }
        let proxy = request.usesProxy && request.address == nil ? proxies.proxy(for: url) : nil
        let origin = HTTPOrigin(url, proxy: proxy, address: request.address)
        let headers = headers(of: request, through: proxy)
        if let connection = await pool.take(origin) {
            let exchange = HTTPExchange(request, on: connection, origin: origin, maxBodyBytes: maxBodyBytes)
            do throws(HTTPClientError) {
                return (try await exchange.start(request, headers: headers, deadline: deadline), exchange)
            } catch {
                connection.close()
                pool.drop(origin)
                guard error.meansClosed, !exchange.hasAnswer, request.mayBeSentTwice else { throw error }
            }
        }
        let connection = try await connector.connect(
            to: url,
            at: request.address,
            through: proxy,
            deadline: min(deadline, .after(request.connectTimeout))
        )
        let exchange = HTTPExchange(request, on: connection, origin: origin, maxBodyBytes: maxBodyBytes)
        do throws(HTTPClientError) {
            return (try await exchange.start(request, headers: headers, deadline: deadline), exchange)
        } catch {
            connection.close()
            throw error
        }
    }

    private func headers(of request: HTTPClientRequest, through proxy: HTTPProxy?) -> HTTPHeaders {
        var headers = request.headers
        if !headers.contains("User-Agent") { headers.add("User-Agent", userAgent) }
        if request.url.scheme == .http, let authorization = proxy?.authorization {
            headers.set("Proxy-Authorization", authorization)
        }
        return headers
    }
}

extension HTTPClientError {
    /// Whether the server ended the connection, as it may with an idle one at any time.
    fileprivate var meansClosed: Bool {
        switch self {
        case .closedEarly, .exchange: true
        default: false
        }
    }
}
