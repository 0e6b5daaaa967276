/// An absolute `http` or `https` URL (RFC 9110 section 4.2), checked so that its parts can stand in a request.
package struct HTTPURL: Sendable, Hashable {
    /// The two schemes of HTTP.
    package enum Scheme: String, Sendable, Hashable {
        /// HTTP over TCP, in plain text.
        case http
        /// HTTP over TLS.
        case https

        /// 80 and 443 (RFC 9110 section 4.2).
        package var defaultPort: UInt16 {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    /// The scheme.
    package let scheme: Scheme
    /// The host in lower case: a name (a trailing dot is kept, see ``serverName``), an IPv4 or an IPv6 address
    /// without brackets.
    package let host: String
    /// The port, the scheme's own when the URL names none.
    package let port: UInt16
    /// Path and query as written, never empty, beginning with `/`.
    package let target: String

    /// Parses `scheme://host[:port][/path][?query][#fragment]`; the fragment is dropped (it is never sent).
    ///
    /// Refused: other schemes, user information, an empty host, and every character that would have to be
    /// percent-encoded.
    package init(parsing text: String) throws(HTTPURLError) {
        let schemeText = text.prefix { $0 != ":" }
        let afterScheme = text[schemeText.endIndex...]
        guard afterScheme.hasPrefix("://") else { throw .missingScheme }
        guard let scheme = Scheme(rawValue: schemeText.lowercased()) else { throw .unsupportedScheme }
        let rest = afterScheme.dropFirst(3).prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.utf8.contains(UInt8(ascii: "@")) else { throw .userInformation }
        let (host, port) = try Self.splitHostAndPort(authority)
        let pathAndQuery = rest[authority.endIndex...]
        let target = pathAndQuery.hasPrefix("/") ? String(pathAndQuery) : "/" + pathAndQuery
        try self.init(scheme: scheme, host: host, port: port, target: target)
    }

    /// A URL of its parts: an unbracketed host, the scheme's port when nil, a target that begins with `/`.
    package init(
        scheme: Scheme,
        host: String,
        port: UInt16? = nil,
        target: String = "/"
    ) throws(HTTPURLError) {
        guard Self.looksLikeName(host) || Self.looksLikeIPv6(host) else { throw .invalidHost }
        guard target.utf8.first == HTTPSyntax.slash else { throw .invalidTarget }
        guard target.utf8.allSatisfy(HTTPSyntax.isTarget) else { throw .invalidTarget }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port ?? scheme.defaultPort
        self.target = target
    }

    private init(_ other: HTTPURL, target: String) {
        scheme = other.scheme
        host = other.host
        port = other.port
        self.target = target
    }

    /// The same origin with another path and query.
    package func replacing(target: String) throws(HTTPURLError) -> HTTPURL {
        try HTTPURL(scheme: scheme, host: host, port: port, target: target)
    }

    /// This URL with segments added to its path, each percent-encoded; an existing query stays behind them.
    package func appending(path segments: String...) -> HTTPURL {
        var path = String(target.prefix { $0 != "?" })
        let query = target.dropFirst(path.count)
        for segment in segments {
            if !path.hasSuffix("/") { path += "/" }
            path += PercentEncoding.encode(segment)
        }
        return HTTPURL(self, target: path + query)
    }

    /// This URL with names and values added to its query.
    package func appending(query: HTTPForm) -> HTTPURL {
        guard !query.items.isEmpty else { return self }
        let separator = target.utf8.contains(HTTPSyntax.questionMark) ? "&" : "?"
        return HTTPURL(self, target: target + separator + String(decoding: query.encoded, as: UTF8.self))
    }

    /// The path as written, without the query.
    package var path: String { String(target.prefix { $0 != "?" }) }

    /// The host without a trailing dot: what SNI, certificates and `Host` want.
    ///
    /// The dot itself is for the resolver, which then tries no search list.
    package var serverName: String {
        host.hasSuffix(".") ? String(host.dropLast()) : host
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `::1`.
    package var isLoopback: Bool {
        serverName == "localhost" || IPAddress(serverName)?.isLoopback == true
    }

    /// The value of `Host`: brackets around IPv6, the port unless it is the scheme's own.
    package var hostField: String {
        let name = host.utf8.contains(HTTPSyntax.colon) ? "[\(host)]" : serverName
        return port == scheme.defaultPort ? name : "\(name):\(port)"
    }

    /// `host:port`, both always there, as `CONNECT` wants it.
    var authority: String {
        (host.utf8.contains(HTTPSyntax.colon) ? "[\(host)]" : serverName) + ":\(port)"
    }

    /// Labels between dots, none of them empty but what a trailing dot leaves behind it.
    private static func looksLikeName(_ host: String) -> Bool {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let named = labels.count > 1 && labels.last?.isEmpty == true ? labels.dropLast() : labels[...]
        return named.allSatisfy { !$0.isEmpty && $0.allSatisfy(HTTPSyntax.isHostName) }
    }

    private static func looksLikeIPv6(_ host: String) -> Bool {
        host.utf8.contains(HTTPSyntax.colon)
            && host.utf8.allSatisfy {
                HTTPSyntax.hexDigit($0) != nil || $0 == HTTPSyntax.colon || $0 == UInt8(ascii: ".")
            }
    }

    static func splitHostAndPort(
        _ authority: some StringProtocol
    ) throws(HTTPURLError) -> (host: String, port: UInt16?) {
        let host: String
        let portText: String
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .invalidHost }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            guard looksLikeIPv6(host) else { throw .invalidHost }
            portText = String(authority[authority.index(after: end)...])
        } else {
            host = String(authority.prefix { $0 != ":" })
            guard !host.isEmpty else { throw .invalidHost }
            portText = String(authority.dropFirst(host.count))
        }
        // RFC 3986 section 3.2.3: the colon may stand without a port.
        if portText.isEmpty || portText == ":" { return (host, nil) }
        let digits = portText.dropFirst()
        guard
            portText.hasPrefix(":"), digits.utf8.allSatisfy(HTTPSyntax.isDigit),
            let port = UInt16(digits), port > 0
        else { throw .invalidPort }
        return (host, port)
    }
}

extension HTTPURL: CustomStringConvertible {
    /// Scheme, host and path; the query is left out, since it may hold a credential.
    package var description: String { "\(scheme.rawValue)://\(hostField)\(path)" }
}

/// Why a text is not a URL that can be asked; the text itself is left out, since it may hold a credential.
package enum HTTPURLError: Error, Equatable, Sendable {
    /// No `://`.
    case missingScheme
    /// Neither `http` nor `https`.
    case unsupportedScheme
    /// `user:password@`, deprecated by RFC 9110 section 4.2.4.
    case userInformation
    /// An empty host, or characters that no name or address has.
    case invalidHost
    /// Not a number from 1 to 65535.
    case invalidPort
    /// A path or query with characters that must be percent-encoded, or a path that does not begin with `/`.
    case invalidTarget
}

extension HTTPURLError: CustomStringConvertible {
    /// One lower-case line.
    package var description: String {
        switch self {
        case .missingScheme: "the URL has no scheme; expected http:// or https://"
        case .unsupportedScheme: "the URL's scheme is neither http nor https"
        case .userInformation: "the URL holds a user name or password, which is not supported"
        case .invalidHost: "the URL's host is not a DNS name or IP address"
        case .invalidPort: "the URL's port is not a number from 1 to 65535"
        case .invalidTarget: "the URL's path or query holds characters that must be percent-encoded"
        }
    }
}
