/// Where a message's body ends (RFC 9112 section 6.3).
enum HTTPBodyLength: Equatable {
    case known(Int)
    case chunked
    case untilClose
}

/// The fields that decide how a message is read, collected in one pass over its head.
struct HTTPFraming {
    /// RFC 9112 section 6.2: the declared length; larger than any limit when it does not fit in an Int.
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    /// The `Host` field, where it lies in the head.
    private(set) var host: HTTPHeaders.Field?
    private(set) var expectsContinue = false
    private(set) var hasUnknownExpectation = false
    /// Whether `Connection` lists `close`.
    let closes: Bool

    init(_ headers: HTTPHeaders) throws(HTTPMessageError) {
        closes = headers.listsClose
        for field in headers.fields {
            switch field.kind {
            case .host:
                guard host == nil else { throw .duplicateHost }
                host = field
            case .expect:
                let isContinue = HTTPSyntax.equals(headers.value(field).span, ignoringCase: "100-continue")
                expectsContinue = expectsContinue || isContinue
                hasUnknownExpectation = hasUnknownExpectation || !isContinue
            case .contentLength:
                guard contentLength == nil else { throw .duplicateContentLength }
                contentLength = try Self.length(headers.value(field))
            case .transferEncoding:
                guard !isChunked else { throw .malformedTransferEncoding }
                try Self.checkCoding(headers.value(field))
                isChunked = true
            case .connection, .contentType, .other:
                continue
            }
        }
        guard !isChunked || contentLength == nil else { throw .contentLengthWithTransferEncoding }
    }

    /// Digits alone (RFC 9110 section 8.6): no sign, no list, no white space inside.
    private static func length(_ value: ArraySlice<UInt8>) throws(HTTPMessageError) -> Int {
        guard !value.isEmpty else { throw .invalidContentLength }
        var length = 0
        for byte in value {
            guard HTTPSyntax.isDigit(byte) else { throw .invalidContentLength }
            let (tens, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            length = overflow || overflow2 ? Int.max : sum
        }
        return length
    }

    private static func checkCoding(_ value: ArraySlice<UInt8>) throws(HTTPMessageError) {
        if HTTPSyntax.equals(value.span, ignoringCase: "chunked") { return }
        let codings = value.split(separator: HTTPSyntax.comma, omittingEmptySubsequences: false)
            .map(HTTPSyntax.trimmed)
        // RFC 9112 section 6.1: chunked is applied once at most.
        let chunked = codings.filter { HTTPSyntax.equals($0.span, ignoringCase: "chunked") }
        guard chunked.count < 2, codings.allSatisfy({ !$0.isEmpty }) else { throw .malformedTransferEncoding }
        throw .unsupportedTransferCoding
    }
}
