/// A request's first line taken apart (RFC 9112 section 3).
struct HTTPRequestLine: Equatable {
    let method: String
    /// Path and query; for the absolute form without scheme and authority.
    let target: String
    /// The authority of a target in absolute form, which stands in for `Host` (RFC 9112 section 3.2.2).
    let authority: String?
    /// 0 or 1; a higher minor version is read as 1 (RFC 9110 section 2.5).
    let minorVersion: Int

    init(_ line: ArraySlice<UInt8>) throws(HTTPMessageError) {
        guard
            let methodEnd = line.firstIndex(of: HTTPSyntax.space),
            let targetEnd = line[(methodEnd + 1)...].firstIndex(of: HTTPSyntax.space)
        else { throw .malformedRequestLine }
        let methodBytes = line[..<methodEnd]
        let targetBytes = line[(methodEnd + 1)..<targetEnd]
        guard !methodBytes.isEmpty, HTTPSyntax.tokenSet.containsAll(methodBytes.span) else {
            throw .malformedRequestLine
        }
        minorVersion = try Self.minorVersion(line[(targetEnd + 1)...], or: .malformedRequestLine)
        method = String(decoding: methodBytes, as: UTF8.self)
        guard method != "CONNECT" else { throw .unsupportedMethod }
        guard !targetBytes.isEmpty, HTTPSyntax.targetSet.containsAll(targetBytes.span) else {
            throw .malformedRequestLine
        }
        if targetBytes.first == HTTPSyntax.slash || method == "OPTIONS" && targetBytes.elementsEqual("*".utf8)
        {
            target = String(decoding: targetBytes, as: UTF8.self)
            authority = nil
        } else {
            (authority, target) = try Self.splitAbsoluteForm(targetBytes)
        }
    }

    private static func splitAbsoluteForm(
        _ bytes: ArraySlice<UInt8>
    ) throws(HTTPMessageError) -> (authority: String, target: String) {
        for scheme in ["http://", "https://"]
        where HTTPSyntax.equalsIgnoringCase(bytes.prefix(scheme.utf8.count), scheme.utf8) {
            let rest = bytes.dropFirst(scheme.utf8.count)
            let authority = rest.prefix { $0 != HTTPSyntax.slash && $0 != HTTPSyntax.questionMark }
            guard isAuthority(authority) else { throw .invalidHost }
            let path = String(decoding: rest[authority.endIndex...], as: UTF8.self)
            return (String(decoding: authority, as: UTF8.self), path.hasPrefix("/") ? path : "/" + path)
        }
        throw .malformedRequestLine
    }

    /// `HTTP/1.x`; another major version is unsupported, anything else malformed.
    static func minorVersion(
        _ bytes: ArraySlice<UInt8>,
        or malformed: HTTPMessageError
    ) throws(HTTPMessageError) -> Int {
        guard bytes.count == 8, HTTPSyntax.starts(bytes.span, with: "HTTP/") else { throw malformed }
        let major = bytes[bytes.startIndex + 5]
        let minor = bytes[bytes.startIndex + 7]
        guard
            HTTPSyntax.isDigit(major), bytes[bytes.startIndex + 6] == UInt8(ascii: "."),
            HTTPSyntax.isDigit(minor)
        else { throw malformed }
        guard major == UInt8(ascii: "1") else { throw .unsupportedVersion }
        return minor == UInt8(ascii: "0") ? 0 : 1
    }

    /// A non-empty host with an optional port, as it may stand in `Host`.
    static func isAuthority(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let host = bytes[(bytes.startIndex + 1)..<end]
            guard
                !host.isEmpty,
                host.allSatisfy({
                    HTTPSyntax.hexDigit($0) != nil || $0 == HTTPSyntax.colon || $0 == UInt8(ascii: ".")
                })
            else { return false }
            return isPort(bytes[(end + 1)...])
        }
        let length = HTTPSyntax.runEnd(of: HTTPSyntax.hostSet, bytes.span, from: 0, to: bytes.count)
        return length > 0 && isPort(bytes.dropFirst(length))
    }

    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let colon = bytes.first else { return true }
        return colon == HTTPSyntax.colon && bytes.count <= 6
            && bytes.dropFirst().allSatisfy(HTTPSyntax.isDigit)
    }
}
