extension SocketAddress {
    /// Reads a listen address as Go's tools write it: `:8443` (every interface, IPv6 and IPv4),
    /// `0.0.0.0:8443` (IPv4 alone), `[::1]:8443`, `127.0.0.1:0`, `localhost:8080`.
    ///
    /// Other host names are none.
    package init(listening text: String) throws(NetError) {
        guard let colon = text.lastIndex(of: ":") else { throw .invalidAddress(text) }
        let host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        // Digits only: `UInt16` would take "+8443" too.
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            throw .invalidAddress(text)
        }
        switch host {
        case "":
            self = .anyInterface(port: port)
        case "localhost":
            self = .loopback(port: port)
        default:
            // "::1:8443" could be read in two ways, so IPv6 has its brackets.
            guard host.hasPrefix("[") || !host.contains(":"),
                let address = SocketAddress(host: String(host), port: port)
            else { throw .invalidAddress(text) }
            self = address
        }
    }
}
