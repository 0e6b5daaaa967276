internal import CLinux
internal import Glibc

/// An IPv4 or IPv6 address with a TCP port.
package struct SocketAddress: Sendable, Hashable {
    enum Family {
        case ipv4, ipv6
    }

    let family: Family
    /// The address in network order: four bytes in `low` for IPv4, sixteen for IPv6.
    private let high: UInt64
    private let low: UInt64
    /// The interface that a link-local IPv6 address belongs to, else 0.
    private let scope: UInt32
    /// The TCP port, 0 for one that the system chooses.
    package let port: UInt16

    /// The address written in `host`, which may stand in brackets; nil when that is no literal address.
    package init?(host: String, port: UInt16) {
        var text = host
        if text.hasPrefix("["), text.hasSuffix("]") {
            text = String(text.dropFirst().dropLast())
            guard text.contains(":") else { return nil }
        }
        // inet_pton stops at a NUL, so that "127.0.0.1\0.example.org" would pass for the address.
        guard !text.utf8.contains(0) else { return nil }
        var ipv4 = in_addr()
        if unsafe inet_pton(AF_INET, text, &ipv4) == 1 {
            self.init(ipv4: ipv4, port: port)
            return
        }
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        var scope: UInt32 = 0
        if parts.count == 2 {
            scope = unsafe UInt32(parts[1]) ?? if_nametoindex(String(parts[1]))
            guard scope != 0 else { return nil }
        }
        var ipv6 = in6_addr()
        guard unsafe inet_pton(AF_INET6, String(parts[0]), &ipv6) == 1 else { return nil }
        self.init(ipv6: ipv6, scope: scope, port: port)
    }

    /// Every interface of this machine, over IPv6 and IPv4 alike.
    package static func anyInterface(port: UInt16) -> SocketAddress {
        SocketAddress(family: .ipv6, high: 0, low: 0, scope: 0, port: port)
    }

    /// Every interface of this machine, over IPv4 alone.
    package static func anyIPv4Interface(port: UInt16) -> SocketAddress {
        SocketAddress(family: .ipv4, high: 0, low: 0, scope: 0, port: port)
    }

    /// This machine itself, `127.0.0.1`.
    package static func loopback(port: UInt16) -> SocketAddress {
        SocketAddress(ipv4: in_addr(s_addr: UInt32(0x7F00_0001).bigEndian), port: port)
    }

    /// Whether this stands for every interface, and not for one address.
    var isUnspecified: Bool { high == 0 && low == 0 }

    private init(family: Family, high: UInt64, low: UInt64, scope: UInt32, port: UInt16) {
        self.family = family
        self.high = high
        self.low = low
        self.scope = scope
        self.port = port
    }

    private init(ipv4: in_addr, port: UInt16) {
        self.init(family: .ipv4, high: 0, low: UInt64(ipv4.s_addr), scope: 0, port: port)
    }

    private init(ipv6: in6_addr, scope: UInt32, port: UInt16) {
        let halves = unsafe unsafeBitCast(ipv6, to: (UInt64, UInt64).self)
        self.init(family: .ipv6, high: halves.0, low: halves.1, scope: scope, port: port)
    }
}

extension SocketAddress {
    /// Reads what a system call wrote, with its port or another; nil for another address family.
    init?(_ address: UnsafePointer<sockaddr>, port: UInt16? = nil) {
        let raw = unsafe UnsafeRawPointer(address)
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET:
            let address = unsafe raw.loadUnaligned(as: sockaddr_in.self)
            self.init(ipv4: address.sin_addr, port: port ?? UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = unsafe raw.loadUnaligned(as: sockaddr_in6.self)
            self.init(
                ipv6: address.sin6_addr,
                scope: address.sin6_scope_id,
                port: port ?? UInt16(bigEndian: address.sin6_port)
            )
        default:
            return nil
        }
    }

    /// Calls `body`, a system call that writes an address, and reads what it wrote.
    static func written(
        by body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Void
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe body(address, &length)
                return unsafe SocketAddress(UnsafePointer(address))
            }
        }
    }

    /// Calls `body` with the address as system calls want it.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let length: Int
        switch family {
        case .ipv4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr = in_addr(s_addr: UInt32(truncatingIfNeeded: low))
            length = MemoryLayout<sockaddr_in>.size
            unsafe withUnsafeMutableBytes(of: &storage) {
                unsafe $0.storeBytes(of: address, as: sockaddr_in.self)
            }
        case .ipv6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            unsafe address.sin6_addr = unsafeBitCast((high, low), to: in6_addr.self)
            address.sin6_scope_id = scope
            length = MemoryLayout<sockaddr_in6>.size
            unsafe withUnsafeMutableBytes(of: &storage) {
                unsafe $0.storeBytes(of: address, as: sockaddr_in6.self)
            }
        }
        return unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(length))
            }
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The address alone, without brackets and port: `127.0.0.1`, `::1`.
    package var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let size = socklen_t(text.count)
        switch family {
        case .ipv4:
            var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low))
            unsafe inet_ntop(AF_INET, &address, &text, size)
        case .ipv6:
            var address = unsafe unsafeBitCast((high, low), to: in6_addr.self)
            unsafe inet_ntop(AF_INET6, &address, &text, size)
        }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self) + (scope == 0 ? "" : "%\(scope)")
    }

    /// `127.0.0.1:8443` or `[::1]:8443`.
    package var description: String {
        family == .ipv4 ? "\(host):\(port)" : "[\(host)]:\(port)"
    }
}
