/// An answer: what a handler returns and what the client gets, which is always complete.
package struct HTTPResponse: Sendable, Equatable {
    /// The status code, 200 to 599.
    package var status: Int
    /// The fields of the head; the server adds `Content-Length` and `Connection` itself.
    package var headers: HTTPHeaders
    /// The content, without its transfer coding.
    package var body: [UInt8]
    /// Content that is made while it is sent, in place of ``body``; only a server has it.
    package var stream: HTTPBodyStream?

    /// An answer made of its parts.
    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer whose only field is its `Content-Type`.
    package init(status: Int, contentType: String, body: [UInt8]) {
        self.init(status: status, headers: ["Content-Type": contentType], body: body)
    }

    /// An answer in plain text, UTF-8.
    package static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// An answer whose body is a JSON text already.
    package static func json(_ body: [UInt8], status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: jsonHeaders, body: body)
    }

    /// Made once: a webhook's every answer has them.
    private static let jsonHeaders: HTTPHeaders = ["Content-Type": "application/json"]

    /// An answer without content.
    package static func empty(status: Int) -> HTTPResponse {
        HTTPResponse(status: status)
    }

    /// The body as text; what is not UTF-8 becomes U+FFFD.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Whether the status is 200 to 299.
    package var isSuccess: Bool { (200..<300).contains(status) }
}

extension HTTPResponse: CustomStringConvertible {
    /// Status and sizes; the fields and the body may hold a credential.
    package var description: String { "\(status) (\(headers.count) fields, \(body.count) bytes)" }
}

/// The reason phrases of RFC 9110 section 15, which no client reads but people do.
enum HTTPStatus {
    static func reason(_ status: Int) -> StaticString {
        switch status {
        case 100: "Continue"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Unknown"
        }
    }
}
