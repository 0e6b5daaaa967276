/// Why bytes are not an HTTP/1.1 message that can be accepted; no case holds any of them.
package enum HTTPMessageError: Error, Equatable, Sendable {
    /// A line that ends in LF without CR, or a CR without LF (RFC 9112 section 2.2).
    case malformedLineEnd
    /// Not `method SP target SP version` (RFC 9112 section 3).
    case malformedRequestLine
    /// Not `version SP status [SP reason]` (RFC 9112 section 4).
    case malformedStatusLine
    /// An HTTP version whose major number is not 1.
    case unsupportedVersion
    /// `CONNECT`, which only a proxy understands.
    case unsupportedMethod
    /// A start line longer than the limit.
    case startLineTooLong(limit: Int)
    /// A head, or a trailer section, larger than the limit.
    case headTooLarge(limit: Int)
    /// More fields than the limit.
    case tooManyFields(limit: Int)
    /// A body, or a `Content-Length`, larger than the limit.
    case bodyTooLarge(limit: Int)
    /// A name that is not a token, white space before the colon, no colon, or a control character in a value.
    case malformedField
    /// A field continued on the next line (`obs-fold`, RFC 9112 section 5.2).
    case foldedField
    /// An HTTP/1.1 request without `Host` (RFC 9112 section 3.2).
    case missingHost
    /// More than one `Host`.
    case duplicateHost
    /// A `Host` that is not a host with an optional port.
    case invalidHost
    /// A `Content-Length` that is not digits alone.
    case invalidContentLength
    /// More than one `Content-Length`, equal or not.
    case duplicateContentLength
    /// Both `Content-Length` and `Transfer-Encoding`, the classic of request smuggling (RFC 9112 section 6.1).
    case contentLengthWithTransferEncoding
    /// A `Transfer-Encoding` twice, empty, or in an HTTP/1.0 message.
    case malformedTransferEncoding
    /// A transfer coding other than `chunked`.
    case unsupportedTransferCoding
    /// An `Expect` other than `100-continue`.
    case unsupportedExpectation
    /// A chunk whose size, extension or end is malformed (RFC 9112 section 7.1).
    case malformedChunk
    /// The stream ended inside a message.
    case truncated

    /// The status that a server answers with (RFC 9110 section 15).
    package var status: Int {
        switch self {
        case .startLineTooLong: 414
        case .headTooLarge, .tooManyFields: 431
        case .bodyTooLarge: 413
        case .unsupportedVersion: 505
        case .unsupportedTransferCoding, .unsupportedMethod: 501
        case .unsupportedExpectation: 417
        case .malformedLineEnd, .malformedRequestLine, .malformedStatusLine, .malformedField, .foldedField,
            .missingHost, .duplicateHost, .invalidHost, .invalidContentLength, .duplicateContentLength,
            .contentLengthWithTransferEncoding, .malformedTransferEncoding, .malformedChunk, .truncated:
            400
        }
    }
}

extension HTTPMessageError: CustomStringConvertible {
    /// One lower-case line.
    package var description: String {
        switch self {
        case .malformedLineEnd: "a line does not end in CR LF"
        case .malformedRequestLine: "malformed request line"
        case .malformedStatusLine: "malformed status line"
        case .unsupportedVersion: "the HTTP version is not 1.x"
        case .unsupportedMethod: "CONNECT is not supported"
        case .startLineTooLong(let limit): "the first line is longer than \(limit) bytes"
        case .headTooLarge(let limit): "the header is larger than \(limit) bytes"
        case .tooManyFields(let limit): "more than \(limit) header fields"
        case .bodyTooLarge(let limit): "the body is larger than \(limit) bytes"
        case .malformedField: "malformed header field"
        case .foldedField: "a header field is folded over two lines"
        case .missingHost: "no Host field"
        case .duplicateHost: "more than one Host field"
        case .invalidHost: "malformed Host field"
        case .invalidContentLength: "malformed Content-Length"
        case .duplicateContentLength: "more than one Content-Length"
        case .contentLengthWithTransferEncoding: "both Content-Length and Transfer-Encoding"
        case .malformedTransferEncoding: "malformed Transfer-Encoding"
        case .unsupportedTransferCoding: "unsupported transfer coding"
        case .unsupportedExpectation: "unsupported expectation"
        case .malformedChunk: "malformed chunk"
        case .truncated: "the stream ended inside the message"
        }
    }
}
