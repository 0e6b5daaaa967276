/// Writes messages as bytes; the framing fields are its own, whatever a message's headers say of them.
package enum HTTPEncoder {
    /// What goes before a body: `HTTP/1.1 100 Continue` for a client that waits for it.
    static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// What ends a chunked body (RFC 9112 section 7.1).
    static let lastChunk = Array("0\r\n\r\n".utf8)

    /// Appends an answer's head, with `Content-Length` always except where there can be none (204, 304, a body that
    /// is made while it is sent).
    ///
    /// `Connection: close` is written when `closes`; without `allowsChunks` such a body goes up to the connection's end.
    package static func appendHead(
        of response: HTTPResponse,
        closes: Bool,
        allowsChunks: Bool = true,
        to bytes: inout [UInt8]
    ) {
        if response.status == 200 {
            append("HTTP/1.1 200 OK\r\n", to: &bytes)
        } else {
            append("HTTP/1.1 ", to: &bytes)
            append(response.status, to: &bytes)
            bytes.append(HTTPSyntax.space)
            append(HTTPStatus.reason(response.status), to: &bytes)
            append("\r\n", to: &bytes)
        }
        append(response.headers, to: &bytes)
        // RFC 9110 section 8.6: no Content-Length with 204; one with 304 would speak of another answer's body.
        if response.status != 204 && response.status != 304 {
            if response.stream == nil {
                append("Content-Length: ", to: &bytes)
                append(response.body.count, to: &bytes)
                append("\r\n", to: &bytes)
            } else if allowsChunks {
                append("Transfer-Encoding: chunked\r\n", to: &bytes)
            }
        }
        if closes { append("Connection: close\r\n", to: &bytes) }
        append("\r\n", to: &bytes)
    }

    /// Appends one chunk of a body, which must not be empty: that would end it.
    static func appendChunk(_ content: [UInt8], to bytes: inout [UInt8]) {
        append(String(content.count, radix: 16), to: &bytes)
        append("\r\n", to: &bytes)
        bytes.append(contentsOf: content)
        append("\r\n", to: &bytes)
    }

    /// Whether the answer's body goes over the wire (RFC 9110 sections 9.3.2, 15.3.5 and 15.4.5).
    package static func sendsBody(of response: HTTPResponse, toMethod method: String) -> Bool {
        method != "HEAD" && response.status != 204 && response.status != 304
    }

    /// Appends a request's head: `Host` first (RFC 9110 section 7.2), then the caller's fields.
    ///
    /// `Content-Length` is written for every body, and for the methods that usually have one even when it is empty;
    /// `Connection: close` when `closes`.
    package static func appendHead(
        method: String,
        target: String,
        host: String,
        headers: HTTPHeaders,
        bodyBytes: Int,
        closes: Bool = false,
        to bytes: inout [UInt8]
    ) {
        append(method, to: &bytes)
        bytes.append(HTTPSyntax.space)
        append(target, to: &bytes)
        append(" HTTP/1.1\r\nHost: ", to: &bytes)
        append(host, to: &bytes)
        append("\r\n", to: &bytes)
        append(headers, to: &bytes, exceptHost: true)
        if bodyBytes > 0 || method == "POST" || method == "PUT" || method == "PATCH" {
            append("Content-Length: ", to: &bytes)
            append(bodyBytes, to: &bytes)
            append("\r\n", to: &bytes)
        }
        if closes { append("Connection: close\r\n", to: &bytes) }
        append("\r\n", to: &bytes)
    }

    private static func append(
        _ headers: HTTPHeaders,
        to bytes: inout [UInt8],
        exceptHost: Bool = false
    ) {
        for field in headers.fields where !field.kind.isFraming && !(exceptHost && field.kind == .host) {
            bytes.append(contentsOf: headers.name(field))
            append(": ", to: &bytes)
            bytes.append(contentsOf: headers.value(field))
            append("\r\n", to: &bytes)
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: text.utf8)
    }

    /// The constant parts of a head, copied from where the program has them.
    private static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        unsafe bytes.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        )
    }

    /// A number that is not negative, digit by digit, without a text of it.
    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        var place = 1
        while number / place >= 10 { place *= 10 }
        while place > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / place % 10))
            place /= 10
        }
    }
}
