internal import CLinux
internal import Glibc

/// Calls on a TCP socket, none of which blocks.
extension FileDescriptor {
    /// A new socket for addresses like this one.
    static func tcpSocket(for family: SocketAddress.Family) throws(NetError) -> FileDescriptor {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = socket(family == .ipv4 ? AF_INET : AF_INET6, type, 0)
        guard number >= 0 else { throw .system(call: "socket", errno: errno) }
        return FileDescriptor(owning: number)
    }

    func setOption(_ level: Int32, _ name: Int32, to value: Int32) throws(NetError) {
        var value = value
        guard unsafe setsockopt(rawValue, level, name, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
        else {
            throw .system(call: "setsockopt", errno: errno)
        }
    }

    func option(_ level: Int32, _ name: Int32) throws(NetError) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(rawValue, level, name, &value, &length) == 0 else {
            throw .system(call: "getsockopt", errno: errno)
        }
        return value
    }

    /// Sends what we have at once, instead of waiting for more: a request or an answer is written whole.
    func disableDelay() throws(NetError) {
        try setOption(Int32(IPPROTO_TCP), TCP_NODELAY, to: 1)
    }

    /// The address that the socket is bound to.
    func localAddress() throws(NetError) -> SocketAddress? {
        var failure: NetError?
        let address = unsafe SocketAddress.written { address, length in
            guard unsafe getsockname(rawValue, address, length) != 0 else { return }
            failure = .system(call: "getsockname", errno: errno)
        }
        if let failure { throw failure }
        return address
    }
}
