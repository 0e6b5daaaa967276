private import CLinux
private import Glibc

/// What a server is known by, to the client that verifies it and in the certificate that says so.
enum HostIdentity: Equatable {
    /// A DNS name without trailing dot.
    case name(String)
    /// The 4 or 16 bytes of an IP address.
    case address([UInt8])

    /// Reads a DNS name or an IP literal; an IPv6 literal may stand in brackets, as in a URL.
    ///
    /// One trailing dot is dropped: it makes a name absolute for DNS and is not part of it in SNI or in a
    /// certificate (RFC 6066 section 3).
    init(_ host: String) throws(TLSError) {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if let address = Self.addressBytes(isBracketed ? String(host.dropFirst().dropLast()) : host) {
            self = .address(address)
            return
        }
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        guard !isBracketed, Self.isName(name) else { throw TLSError.invalidHost }
        self = .name(name)
    }

    /// Whether every label is 1 to 63 letters, digits, hyphens and underscores, 253 bytes in all (RFC 1035).
    ///
    /// Strict because OpenSSL gives other text a meaning: it matches ".example.com" with every name below it,
    /// and a NUL would cut the name short. A last label of digits would be an IPv4 address in another notation.
    private static func isName(_ name: String) -> Bool {
        guard (1...253).contains(name.utf8.count) else { return false }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.count), label.allSatisfy(isNameByte) else { return false }
        }
        return labels.last?.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } == false
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func addressBytes(_ text: String) -> [UInt8]? {
        // inet_pton reads to the first NUL and would accept what stands before it.
        guard !text.utf8.contains(0) else { return nil }
        var ipv4 = in_addr()
        if unsafe inet_pton(AF_INET, text, &ipv4) == 1 {
            return unsafe withUnsafeBytes(of: &ipv4) { unsafe Array($0) }
        }
        var ipv6 = in6_addr()
        if unsafe inet_pton(AF_INET6, text, &ipv6) == 1 {
            return unsafe withUnsafeBytes(of: &ipv6) { unsafe Array($0) }
        }
        return nil
    }
}
