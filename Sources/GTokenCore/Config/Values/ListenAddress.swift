/// Where a server listens, as Go writes it: `:8443`, `127.0.0.1:8443`, `[::1]:8443`, `localhost:8443`.
public struct ListenAddress: Sendable, Hashable {
    /// A literal IPv4 or IPv6 address without brackets; empty for every address of the machine.
    public let host: String
    /// The port; 0 lets the system choose one.
    public let port: UInt16

    /// The port of the Go project's webhook, on every address.
    public static let standard = ListenAddress(host: "", port: 8443)

    /// An address from its parts; the host is a literal address or empty.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads an address; `nil` where the port is missing or the host is a name (but `localhost` is 127.0.0.1).
    public init?(parsing text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...])
        else {
            return nil
        }
        self.port = port
        var host = text[..<colon]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { return nil }
            host = host.dropFirst().dropLast()
            guard Self.isIPv6(host) else { return nil }
        } else if host == "localhost" {
            host = "127.0.0.1"
        } else if !host.isEmpty {
            guard Self.isIPv4(host) else { return nil }
        }
        self.host = String(host)
    }

    /// Whether only this machine can reach it: 127.0.0.0/8 (RFC 1122 section 3.2.1.3) or `::1`.
    package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    private static func port(_ text: Substring) -> UInt16? {
        text.utf8.allSatisfy(\.isDigit) ? UInt16(text) : nil
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.allSatisfy(\.isDigit) && UInt8(part) != nil
                    && (part.count == 1 || part.first != "0")
            }
    }

    /// Only what the characters say; whether they are an address in full is seen when it is bound.
    private static func isIPv6(_ text: Substring) -> Bool {
        text.contains(":") && text.utf8.count <= 45
            && text.utf8.allSatisfy {
                $0.isDigit || (0x61...0x66).contains($0 | 0x20) || ":.".utf8.contains($0)
            }
    }
}

extension ListenAddress: CustomStringConvertible {
    /// The address as it would be written.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
