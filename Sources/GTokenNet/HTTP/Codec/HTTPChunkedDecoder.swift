/// Undoes the chunked transfer coding (RFC 9112 section 7.1) as bytes arrive, in time linear in them.
struct HTTPChunkedDecoder {
    private enum State {
        case sizeStart
        case size
        case sizePadding
        case sizeExtension
        case sizeLineFeed
        case data
        case dataCarriageReturn
        case dataLineFeed
        case trailers
        case done
    }

    private let limits: HTTPHeadLimits
    private var state = State.sizeStart
    private var trailers: HTTPHeadReader
    private var remaining = 0
    private var sizeDigits = 0
    private var extensionBytes = 0

    /// Trailers are checked against the limits of a head and dropped; so are chunk extensions.
    init(limits: HTTPHeadLimits) {
        self.limits = limits
        trailers = .trailers(at: 0, limits: limits)
    }

    /// Decodes what the input holds from an offset on, which moves behind what was used; true at the end.
    ///
    /// Stops once the body would hold more than `maxBytes`.
    mutating func decode(
        _ input: [UInt8],
        from offset: inout Int,
        into body: inout [UInt8],
        maxBytes: Int
    ) throws(HTTPMessageError) -> Bool {
        while offset < input.count {
            switch state {
            case .data:
                let end = min(input.count, offset + remaining)
                guard body.count + (end - offset) <= maxBytes else { throw .bodyTooLarge(limit: maxBytes) }
                body.append(contentsOf: input[offset..<end])
                remaining -= end - offset
                offset = end
                if remaining == 0 { state = .dataCarriageReturn }
            case .trailers:
                guard try trailers.advance(input) else { return false }
                offset = trailers.end
                state = .done
            case .done:
                return true
            default:
                try take(input[offset], next: offset + 1)
                offset += 1
            }
        }
        if case .done = state { return true }
        return false
    }

    /// Whether the trailer section is being read, whose beginning must stay where it is in the input.
    var isInTrailers: Bool {
        if case .trailers = state { return true }
        return false
    }

    private mutating func take(_ byte: UInt8, next: Int) throws(HTTPMessageError) {
        switch state {
        case .sizeStart, .size:
            try takeSize(byte)
        case .sizePadding:
            try takeSizeEnd(byte)
        case .sizeExtension:
            try takeExtension(byte)
        case .sizeLineFeed:
            guard byte == HTTPSyntax.lineFeed else { throw .malformedLineEnd }
            guard remaining == 0 else {
                state = .data
                return
            }
            trailers = .trailers(at: next, limits: limits)
            state = .trailers
        case .dataCarriageReturn:
            guard byte == HTTPSyntax.carriageReturn else { throw .malformedChunk }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == HTTPSyntax.lineFeed else { throw .malformedChunk }
            state = .sizeStart
        case .data, .trailers, .done:
            return
        }
    }

    private mutating func takeSize(_ byte: UInt8) throws(HTTPMessageError) {
        if let digit = HTTPSyntax.hexDigit(byte) {
            if case .sizeStart = state {
                state = .size
                remaining = 0
                sizeDigits = 0
            }
            sizeDigits += 1
            // Fifteen digits are more than any limit and cannot overflow.
            guard sizeDigits <= 15 else { throw .malformedChunk }
            remaining = remaining << 4 | Int(digit)
            return
        }
        guard case .size = state else { throw .malformedChunk }
        try takeSizeEnd(byte)
    }

    private mutating func takeSizeEnd(_ byte: UInt8) throws(HTTPMessageError) {
        switch byte {
        case HTTPSyntax.carriageReturn: state = .sizeLineFeed
        case HTTPSyntax.semicolon: state = .sizeExtension
        // RFC 9112 section 7.1.1 has white space before an extension; some servers pad the size with it. Anything else
        // behind it is no extension, and another reader could take it for digits.
        case HTTPSyntax.space, HTTPSyntax.tab:
            state = .sizePadding
            try countExtensionByte()
        default: throw .malformedChunk
        }
    }

    private mutating func takeExtension(_ byte: UInt8) throws(HTTPMessageError) {
        if byte == HTTPSyntax.carriageReturn {
            state = .sizeLineFeed
            return
        }
        guard HTTPSyntax.isFieldValue(byte) else { throw .malformedChunk }
        try countExtensionByte()
    }

    private mutating func countExtensionByte() throws(HTTPMessageError) {
        extensionBytes += 1
        guard extensionBytes <= limits.maxHeadBytes else { throw .headTooLarge(limit: limits.maxHeadBytes) }
    }
}
