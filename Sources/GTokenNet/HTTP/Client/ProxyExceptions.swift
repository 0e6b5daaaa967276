/// The hosts of `NO_PROXY`, with the rules of Go's net/http, which are curl's and a little more.
struct ProxyExceptions: Sendable, Equatable {
    private enum Rule: Equatable {
        /// `*`: everything.
        case all
        /// `example.com`: it and what is below it. `.example.com` and `*.example.com`: only what is below it.
        case domain(String, isItselfIncluded: Bool, port: UInt16?)
        /// `10.0.0.1`, `[::1]:80`.
        case address(IPAddress, port: UInt16?)
        /// `10.0.0.0/8`.
        case network(IPAddress, bits: Int)
    }

    private let rules: [Rule]

    /// Reads a comma-separated list, white space apart; an entry that cannot be read matches nothing.
    init(_ list: String) {
        rules = list.split { $0 == "," || $0.isWhitespace }.compactMap { Self.rule(String($0).lowercased()) }
    }

    /// Whether a host, without brackets and trailing dot, is to be asked directly.
    func contain(host: String, port: UInt16) -> Bool {
        let address = IPAddress(host)
        if host == "localhost" || address?.isLoopback == true { return true }
        return rules.contains { rule in
            switch rule {
            case .all: true
            case .domain(let name, let isItselfIncluded, let rulePort):
                address == nil && (rulePort ?? port) == port
                    && (host.hasSuffix("." + name) || isItselfIncluded && host == name)
            case .address(let ruleAddress, let rulePort):
                address == ruleAddress && (rulePort ?? port) == port
            case .network(let network, let bits):
                address?.isInside(network, bits: bits) == true
            }
        }
    }

    private static func rule(_ entry: String) -> Rule? {
        if entry == "*" { return .all }
        if let slash = entry.firstIndex(of: "/") {
            let digits = entry[entry.index(after: slash)...]
            guard
                let network = IPAddress(String(entry[..<slash])), digits.utf8.allSatisfy(HTTPSyntax.isDigit),
                let bits = Int(digits), bits <= network.bytes.count * 8
            else { return nil }
            return .network(network, bits: bits)
        }
        if let address = IPAddress(entry) { return .address(address, port: nil) }
        guard let (host, port) = try? HTTPURL.splitHostAndPort(entry) else { return nil }
        if let address = IPAddress(host) { return .address(address, port: port) }
        let prefix = host.hasPrefix("*.") ? 2 : host.hasPrefix(".") ? 1 : 0
        let name = host.dropFirst(prefix).dropLast(host.hasSuffix(".") ? 1 : 0)
        guard !name.isEmpty else { return nil }
        return .domain(String(name), isItselfIncluded: prefix == 0, port: port)
    }
}

/// The bytes of an IPv4 or IPv6 address; an IPv4 address mapped into IPv6 is that IPv4 address.
struct IPAddress: Sendable, Equatable {
    let bytes: [UInt8]

    /// Reads an address without brackets; nil when the text is none.
    init?(_ text: String) {
        guard !text.hasPrefix("["), case .address(let bytes)? = try? HostIdentity(text) else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        self.bytes = bytes.count == 16 && bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
    }

    /// `127.0.0.0/8` and `::1`.
    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Whether the first bits are those of a network.
    func isInside(_ network: IPAddress, bits: Int) -> Bool {
        guard bytes.count == network.bytes.count else { return false }
        let whole = bits / 8
        guard bytes.prefix(whole) == network.bytes.prefix(whole) else { return false }
        let rest = bits % 8
        return rest == 0 || (bytes[whole] ^ network.bytes[whole]) >> (8 - UInt8(rest)) == 0
    }
}
