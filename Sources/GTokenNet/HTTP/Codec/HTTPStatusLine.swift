/// An answer's first line taken apart (RFC 9112 section 4).
struct HTTPStatusLine: Equatable {
    let status: Int
    let minorVersion: Int

    init(_ line: ArraySlice<UInt8>) throws(HTTPMessageError) {
        minorVersion = try HTTPRequestLine.minorVersion(line.prefix(8), or: .malformedStatusLine)
        let rest = Array(line.dropFirst(8))
        // The space behind the status is mandatory, but common servers leave it out with an empty reason.
        guard
            rest.count >= 4, rest[0] == HTTPSyntax.space, rest[1...3].allSatisfy(HTTPSyntax.isDigit),
            rest.count == 4 || rest[4] == HTTPSyntax.space, rest.allSatisfy(HTTPSyntax.isFieldValue)
        else { throw .malformedStatusLine }
        let status = rest[1...3].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard status >= 100 else { throw .malformedStatusLine }
        self.status = status
    }
}
