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
    private(set) var closes = false

    init(_ headers: HTTPHeaders) throws(HTTPMessageError) {
        for field in headers.fields {
            // The length alone tells most fields apart, and no two of these share it.
            switch field.name.count {
            case 4 where headers.matches(field, "host"):
                guard host == nil else { throw .duplicateHost }
                host = field
            case 6 where headers.matches(field, "expect"):
                let isContinue = HTTPSyntax.equalsIgnoringCase(headers.value(field), "100-continue".utf8)
                expectsContinue = expectsContinue || isContinue
                hasUnknownExpectation = hasUnknownExpectation || !isContinue
            case 10 where headers.matches(field, "connection"):
                closes = closes || Self.listsClose(headers.value(field))
            case 14 where headers.matches(field, "content-length"):
                guard contentLength == nil else { throw .duplicateContentLength }
                contentLength = try Self.length(headers.value(field))
            case 17 where headers.matches(field, "transfer-encoding"):
                guard !isChunked else { throw .malformedTransferEncoding }
                try Self.checkCoding(headers.value(field))
                isChunked = true
            default:
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
        if HTTPSyntax.equalsIgnoringCase(value, "chunked".utf8) { return }
        let codings = value.split(separator: HTTPSyntax.comma, omittingEmptySubsequences: false)
            .map(HTTPSyntax.trimmed)
        // RFC 9112 section 6.1: chunked is applied once at most.
        let chunked = codings.filter { HTTPSyntax.equalsIgnoringCase($0, "chunked".utf8) }
        guard chunked.count < 2, codings.allSatisfy({ !$0.isEmpty }) else { throw .malformedTransferEncoding }
        throw .unsupportedTransferCoding
    }

    private static func listsClose(_ value: ArraySlice<UInt8>) -> Bool {
        value.split(separator: HTTPSyntax.comma).contains {
            HTTPSyntax.equalsIgnoringCase(HTTPSyntax.trimmed($0), "close".utf8)
        }
    }
}
