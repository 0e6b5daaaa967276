private import CLinux
private import Glibc

/// A connection that was accepted and belongs to no loop yet.
package struct AcceptedSocket: ~Copyable, Sendable {
    let descriptor: FileDescriptor
    /// Who connected; nil where the system did not say.
    package let peer: SocketAddress?

    init(descriptor: consuming FileDescriptor, peer: SocketAddress?) {
        self.descriptor = descriptor
        self.peer = peer
    }
}

/// A listening TCP socket on one loop.
///
/// Unchecked because its state belongs to the loop's thread; `close` moves there, `accept` checks.
package final class Listener: @unchecked Sendable {
    /// Connections that may wait to be accepted.
    ///
    /// An API server opens 200 at the same instant; what the kernel allows (`net.core.somaxconn`, 4096)
    /// limits it further.
    package static let defaultBacklog = 4096
    /// How long to wait when the process or the system has no descriptor left.
    ///
    /// Connections stay in the backlog meanwhile, where they are served late; closing them would fail the
    /// caller's request.
    static let exhaustionPause = Duration.milliseconds(50)
    /// Accepts in a row before the loop's other tasks get their turn.
    private static let acceptsInARow = 64

    private let loop: EventLoop
    /// Where it listens, with the port that the system chose if 0 was asked for.
    package let address: SocketAddress
    private var descriptor: FileDescriptor?
    private var watch: Watch?
    private var acceptedInARow = 0

    /// The TCP port.
    package var port: UInt16 { address.port }

    /// Binds and listens; accepting is the loop's.
    ///
    /// From any thread.
    ///
    /// The unspecified IPv6 address (`:8443`) takes IPv4 connections too, and becomes the IPv4 one where the
    /// machine has no IPv6.
    package init(
        address: SocketAddress,
        backlog: Int = Listener.defaultBacklog,
        loop: EventLoop
    ) throws(NetError) {
        let descriptor: FileDescriptor
        do {
            descriptor = try Listener.bound(to: address)
        } catch {
            guard address.family == .ipv6, address.isUnspecified, Listener.meansNoIPv6(error) else {
                throw error
            }
            descriptor = try Listener.bound(to: .anyIPv4Interface(port: address.port))
        }
        guard listen(descriptor.rawValue, Int32(clamping: backlog)) == 0 else {
            throw NetError.system(call: "listen", errno: errno)
        }
        self.address = try descriptor.localAddress() ?? address
        self.descriptor = consume descriptor
        self.loop = loop
    }

    private static func bound(to address: SocketAddress) throws(NetError) -> FileDescriptor {
        let descriptor = try FileDescriptor.tcpSocket(for: address.family)
        // Without it a restart waits a minute for the old connections' TIME_WAIT.
        try descriptor.setOption(SOL_SOCKET, SO_REUSEADDR, to: 1)
        // Accepted sockets inherit it, which saves a system call for each.
        try descriptor.disableDelay()
        if address.family == .ipv6 {
            try descriptor.setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: address.isUnspecified ? 0 : 1)
        }
        let result = unsafe address.withSockaddr { unsafe bind(descriptor.rawValue, $0, $1) }
        guard result == 0 else { throw .system(call: "bind", errno: errno) }
        return descriptor
    }

    private static func meansNoIPv6(_ error: NetError) -> Bool {
        error == .system(call: "socket", errno: EAFNOSUPPORT)
            || error == .system(call: "bind", errno: EADDRNOTAVAIL)
    }

    /// The next connection.
    ///
    /// One task at a time; on the listener's loop.
    ///
    /// Throws `closed` after `close`, `cancelled`, or what is wrong with the listener itself: a connection that
    /// went away before it was accepted, or a lack of descriptors, is survived.
    package func accept() async throws(NetError) -> AcceptedSocket {
        loop.preconditionCurrent()
        acceptedInARow += 1
        if acceptedInARow > Listener.acceptsInARow {
            acceptedInARow = 0
            await loop.yield()
        }
        while true {
            guard !Task.isCancelled else { throw .cancelled }
            guard let number = descriptor?.rawValue else { throw .closed }
            let (result, peer) = Listener.acceptOne(number)
            switch result {
            case .done(let accepted):
                return AcceptedSocket(descriptor: FileDescriptor(owning: Int32(accepted)), peer: peer)
            case .wouldBlock:
                acceptedInARow = 0
                try await wait(number, until: .never).check()
            case .failed(let code) where Listener.leavesItInTheBacklog(code):
                let outcome = try await wait(number, until: .after(Listener.exhaustionPause))
                if outcome != .timedOut { try outcome.check() }
            case .failed(let code):
                guard Listener.isOfTheConnection(code) else { throw .system(call: "accept4", errno: code) }
            }
        }
    }

    /// Stops listening, and wakes a pending `accept` with `closed`.
    ///
    /// Idempotent; from any thread.
    package func close() {
        loop.execute { self.closeOnLoop() }
    }

    private func closeOnLoop() {
        if let watch = watch.take() { loop.detach(watch) }
        descriptor = nil
    }

    private func wait(_ number: Int32, until deadline: Deadline) async throws(NetError) -> WaitOutcome {
        let watch: Watch
        if let present = self.watch {
            watch = present
        } else {
            watch = try loop.attach(number)
            self.watch = watch
        }
        watch.wouldBlock(.reading)
        return await loop.wait(for: .reading, of: watch, until: deadline)
    }

    private static func acceptOne(_ number: Int32) -> (CallResult, SocketAddress?) {
        let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        var result = CallResult.wouldBlock
        let peer = unsafe SocketAddress.written { address, length in
            result = retryingCall { unsafe Int(accept4(number, address, length, flags)) }
        }
        return (result, peer)
    }

    /// Errors after which the same connection is still there to be accepted, and asking again at once would spin:
    /// a lack of descriptors or memory, or a security policy that forbids it.
    private static func leavesItInTheBacklog(_ code: Int32) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM].contains(code)
    }

    /// Errors of the connection about to be accepted, which Linux hands to the listener (accept(2)).
    private static func isOfTheConnection(_ code: Int32) -> Bool {
        [
            ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH, ETIMEDOUT,
        ].contains(code)
    }
}
