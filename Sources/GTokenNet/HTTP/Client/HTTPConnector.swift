/// Makes connections to origins: resolves, connects, asks the proxy, makes the TLS handshake.
struct HTTPConnector: Sendable {
    let loop: EventLoop
    let tls: TLSClientContext?

    /// A connection ready for a request to `url`, at `address` where that is given; on the loop.
    func connect(
        to url: HTTPURL,
        at address: SocketAddress? = nil,
        through proxy: HTTPProxy?,
        deadline: Deadline
    ) async throws(HTTPClientError) -> Connection {
        guard url.scheme == .http || tls != nil else { throw .noTrustedRoots(url: url.description) }
        let connection: Connection
        do throws(NetError) {
            let addresses: [SocketAddress]
            if let address {
                addresses = [address]
            } else {
                addresses = try await Resolver.resolve(
                    host: proxy?.host ?? url.host,
                    port: proxy?.port ?? url.port,
                    on: loop,
                    deadline: deadline
                )
            }
            connection = try await Connection.connect(to: addresses, on: loop, deadline: deadline)
        } catch {
            throw HTTPClientError(error, url: url, connecting: true)
        }
        do throws(HTTPClientError) {
            if url.scheme == .https {
                if let proxy { try await tunnel(through: proxy, to: url, connection, deadline: deadline) }
                try await secure(connection, for: url, deadline: deadline)
            }
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    private func secure(
        _ connection: Connection,
        for url: HTTPURL,
        deadline: Deadline
    ) async throws(HTTPClientError) {
        guard let tls else { throw .noTrustedRoots(url: url.description) }
        do throws(NetError) {
            let session: TLSSession
            do throws(TLSError) {
                session = try TLSSession(client: tls, host: url.serverName)
            } catch {
                throw NetError.tls(error)
            }
            try await connection.startTLS(session, deadline: deadline)
        } catch {
            throw HTTPClientError(error, url: url, connecting: true)
        }
    }

    /// RFC 9110 section 9.3.6.
    private func tunnel(
        through proxy: HTTPProxy,
        to url: HTTPURL,
        _ connection: Connection,
        deadline: Deadline
    ) async throws(HTTPClientError) {
        var headers = HTTPHeaders()
        headers["Proxy-Authorization"] = proxy.authorization
        var bytes: [UInt8] = []
        HTTPEncoder.appendHead(
            method: "CONNECT",
            target: url.authority,
            host: url.authority,
            headers: headers,
            bodyBytes: 0,
            to: &bytes
        )
        // A refusal's body is not read: without a limit its length cannot hide its status.
        var parser = HTTPResponseParser(method: "CONNECT", maxBodyBytes: .max)
        do throws(NetError) {
            try await connection.write(bytes, deadline: deadline)
        } catch {
            throw HTTPClientError(error, url: url, connecting: true)
        }
        let head = try await Self.readHead(&parser, connection, url: url, deadline: deadline)
        guard (200..<300).contains(head.status) else {
            throw .proxyRefused(url: url.description, proxy: proxy.description, status: head.status)
        }
        // The server's first byte comes after our ClientHello: what is here already is not the server's.
        guard parser.unused.isEmpty else {
            throw .malformedResponse(url: url.description, cause: .malformedStatusLine)
        }
    }

    private static func readHead(
        _ parser: inout HTTPResponseParser,
        _ connection: Connection,
        url: HTTPURL,
        deadline: Deadline
    ) async throws(HTTPClientError) -> HTTPResponseHead {
        var body: [UInt8] = []
        while true {
            do throws(HTTPMessageError) {
                if case .head(let head) = try parser.next(into: &body) { return head }
            } catch {
                throw .malformedResponse(url: url.description, cause: error)
            }
            let count: Int
            do throws(NetError) {
                count = try await connection.read(into: &parser.inbox, deadline: deadline)
            } catch {
                throw HTTPClientError(error, url: url, connecting: true)
            }
            guard count > 0 else { throw .closedEarly(url: url.description) }
        }
    }
}

extension HTTPClientError {
    /// What a failure of the connection means to whoever asked for `url`.
    init(_ error: NetError, url: HTTPURL, connecting: Bool) {
        let url = url.description
        switch error {
        case .timedOut: self = .timedOut(url: url, connecting: connecting)
        case .cancelled: self = .cancelled(url: url)
        default: self = connecting ? .connect(url: url, cause: error) : .exchange(url: url, cause: error)
        }
    }
}
