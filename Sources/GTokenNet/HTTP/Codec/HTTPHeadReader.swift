/// How much of a head, or of a trailer section, is read before it is refused.
struct HTTPHeadLimits: Sendable {
    var maxStartLineBytes: Int
    var maxHeadBytes: Int
    var maxFields: Int
}

/// Reads a start line and field lines as they arrive; every byte is looked at once, however it is cut.
struct HTTPHeadReader {
    private let limits: HTTPHeadLimits
    /// Where the head begins in the input; ranges below count from here.
    private(set) var start: Int
    /// The start line without its CR LF; empty for a trailer section, which has none.
    private(set) var startLine: Range<Int>?
    private(set) var fields: [HTTPHeaders.Field] = []
    private var lineStart: Int
    private var scanned: Int
    private var maySkipEmptyLine: Bool

    /// Reads a message's head that begins at an offset of the input, or at one empty line before it.
    init(at start: Int, limits: HTTPHeadLimits, skipsEmptyLine: Bool = false) {
        self.init(at: start, limits: limits, startLine: nil, skipsEmptyLine: skipsEmptyLine)
    }

    /// Reads a chunked body's trailer section (RFC 9112 section 7.1.2): fields without a start line.
    static func trailers(at start: Int, limits: HTTPHeadLimits) -> HTTPHeadReader {
        HTTPHeadReader(at: start, limits: limits, startLine: 0..<0, skipsEmptyLine: false)
    }

    private init(at start: Int, limits: HTTPHeadLimits, startLine: Range<Int>?, skipsEmptyLine: Bool) {
        self.limits = limits
        self.start = start
        self.startLine = startLine
        lineStart = start
        scanned = start
        maySkipEmptyLine = skipsEmptyLine
    }

    /// Whether any byte of the head has arrived.
    var hasBegun: Bool { scanned > start }

    /// The offset after the empty line; meaningful once ``advance(_:)`` said true.
    var end: Int { lineStart }

    /// Goes on with what arrived since; true when the head is complete.
    mutating func advance(_ input: [UInt8]) throws(HTTPMessageError) -> Bool {
        let bytes = input.span
        while true {
            scanned = HTTPSyntax.lineEnd(bytes, from: scanned)
            guard scanned < bytes.count else { break }
            // Before the line is judged, so that the error does not hang on how the bytes were cut.
            try checkSize()
            guard scanned > lineStart, bytes[scanned - 1] == HTTPSyntax.carriageReturn else {
                throw .malformedLineEnd
            }
            let line = lineStart..<scanned - 1
            scanned += 1
            lineStart = scanned
            try checkSize()
            if try finish(line, bytes) { return true }
        }
        try checkSize()
        return false
    }

    /// Takes a complete line; true for the empty one that ends the head.
    private mutating func finish(_ line: Range<Int>, _ bytes: Span<UInt8>) throws(HTTPMessageError) -> Bool {
        guard startLine != nil else {
            guard line.count <= limits.maxStartLineBytes else {
                throw .startLineTooLong(limit: limits.maxStartLineBytes)
            }
            if line.isEmpty && maySkipEmptyLine {
                maySkipEmptyLine = false
                start = lineStart
                return false
            }
            startLine = line.lowerBound - start..<line.upperBound - start
            // The API server sends six fields, other clients and proxies a dozen: one allocation does.
            fields.reserveCapacity(12)
            return line.isEmpty
        }
        if line.isEmpty { return true }
        guard fields.count < limits.maxFields else { throw .tooManyFields(limit: limits.maxFields) }
        fields.append(try Self.field(line, bytes, relativeTo: start))
        return false
    }

    private func checkSize() throws(HTTPMessageError) {
        if startLine == nil, scanned - lineStart > limits.maxStartLineBytes + 2 {
            throw .startLineTooLong(limit: limits.maxStartLineBytes)
        }
        guard scanned - start <= limits.maxHeadBytes else { throw .headTooLarge(limit: limits.maxHeadBytes) }
    }

    /// Takes `name ":" OWS value OWS` apart (RFC 9112 section 5).
    private static func field(
        _ line: Range<Int>,
        _ bytes: Span<UInt8>,
        relativeTo start: Int
    ) throws(HTTPMessageError) -> HTTPHeaders.Field {
        guard !HTTPSyntax.isBlank(bytes[line.lowerBound]) else { throw .foldedField }
        var offset = HTTPSyntax.runEnd(
            of: HTTPSyntax.tokenSet,
            bytes,
            from: line.lowerBound,
            to: line.upperBound
        )
        guard offset > line.lowerBound, offset < line.upperBound, bytes[offset] == HTTPSyntax.colon else {
            throw .malformedField
        }
        let name = line.lowerBound..<offset
        offset += 1
        while offset < line.upperBound, HTTPSyntax.isBlank(bytes[offset]) { offset += 1 }
        let valueStart = offset
        offset = HTTPSyntax.fieldValueEnd(bytes, from: offset, to: line.upperBound)
        guard offset == line.upperBound else { throw .malformedField }
        while offset > valueStart, HTTPSyntax.isBlank(bytes[offset - 1]) { offset -= 1 }
        // Invariant: a head is shorter than 4 GiB, its limit is an Int32's worth at most.
        return HTTPHeaders.Field(
            name: UInt32(name.lowerBound - start)..<UInt32(name.upperBound - start),
            value: UInt32(valueStart - start)..<UInt32(offset - start),
            kind: HTTPFieldKind(bytes.extracting(name))
        )
    }
}
