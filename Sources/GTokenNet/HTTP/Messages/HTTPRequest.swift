/// A request as a handler gets it, its body complete.
package struct HTTPRequest: Sendable, Equatable {
    /// The method as sent; methods are case-sensitive (RFC 9110 section 9.1).
    package var method: String
    /// Path and query as sent, still percent-encoded; `*` for a server-wide `OPTIONS`.
    package var target: String
    /// The fields of the head.
    package var headers: HTTPHeaders
    /// The content, without its transfer coding.
    package var body: [UInt8]
    /// Whether it came over TLS from a client with a certificate that the server trusts.
    package var isFromVerifiedClient = false

    /// A request made of its parts; nothing is added.
    package init(method: String, target: String, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The target up to the `?`, as sent.
    package var path: String {
        queryMark.map { String(target[..<$0]) } ?? target
    }

    /// The path's segments, percent-decoded; nil when an escape is malformed or does not make UTF-8.
    ///
    /// `/v1/a%2Fb` has the segments `v1` and `a/b`; a trailing slash makes a last, empty one.
    package var pathSegments: [String]? {
        var segments: [String] = []
        for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = PercentEncoding.decode(segment) else { return nil }
            segments.append(decoded)
        }
        return segments
    }

    /// The target after the `?`, as sent; nil when there is none.
    package var queryString: String? {
        queryMark.map { String(target[target.index(after: $0)...]) }
    }

    private var queryMark: String.Index? { target.utf8.firstIndex(of: HTTPSyntax.questionMark) }

    /// The query's names and values; empty when there is no query or it is malformed.
    package var queryItems: HTTPForm {
        queryString.flatMap { HTTPForm(parsing: $0.utf8) } ?? HTTPForm()
    }

    /// The first value of a name in the query, or nil.
    package func query(_ name: String) -> String? {
        queryItems[name]
    }

    /// The body's names and values when it is a well-formed `application/x-www-form-urlencoded` one.
    package var form: HTTPForm? {
        guard mediaType == HTTPForm.mediaType else { return nil }
        return HTTPForm(parsing: body)
    }

    /// The `Content-Type` in lower case without its parameters; nil when there is none.
    package var mediaType: String? { headers.mediaType }
}

extension HTTPRequest: CustomStringConvertible {
    /// Method, path and sizes; the query, the fields and the body may hold a credential.
    package var description: String { "\(method) \(path) (\(headers.count) fields, \(body.count) bytes)" }
}

extension HTTPHeaders {
    /// The `Content-Type` in lower case without its parameters (RFC 9110 section 8.3.1).
    package var mediaType: String? {
        mediaTypeBytes.map { String(decoding: $0.map(HTTPSyntax.lowercased), as: UTF8.self) }
    }

    /// Whether the `Content-Type` without its parameters is this, given in lower case; makes no text of it.
    package func hasMediaType(_ type: StaticString) -> Bool {
        mediaTypeBytes.map { HTTPSyntax.equals($0.span, ignoringCase: type) } ?? false
    }

    private var mediaTypeBytes: ArraySlice<UInt8>? {
        guard let field = fields.first(where: { $0.kind == .contentType }) else { return nil }
        return HTTPSyntax.trimmed(value(field).prefix { $0 != HTTPSyntax.semicolon })
    }
}
