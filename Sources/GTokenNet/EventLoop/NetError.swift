private import GTokenRuntime
private import Glibc

/// Why an operation on a socket or a loop did not succeed.
package enum NetError: Error, Equatable, Sendable {
    /// A system call failed: its name and its `errno`.
    case system(call: String, errno: Int32)
    /// Text that should be an address is none.
    case invalidAddress(String)
    /// A host name has no address: the name and `getaddrinfo`'s code (`EAI_…`).
    case resolution(host: String, code: Int32)
    /// TLS was not agreed on, or went wrong later.
    case tls(TLSError)
    /// The deadline passed first.
    case timedOut
    /// Our own side closed the connection or the listener.
    case closed
    /// The task was cancelled.
    case cancelled

    /// Whether the same operation may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .system(_, let code): NetError.transientCodes.contains(code)
        case .resolution(_, let code): code == EAI_AGAIN || code == EAI_SYSTEM
        case .tls(let error): error == .truncated
        case .timedOut: true
        case .invalidAddress, .closed, .cancelled: false
        }
    }

    private static let transientCodes: Set<Int32> = [
        EAGAIN, EADDRNOTAVAIL, ECONNABORTED, ECONNREFUSED, ECONNRESET, EHOSTDOWN, EHOSTUNREACH, EINTR, EMFILE,
        ENETDOWN, ENETUNREACH, ENFILE, ENOBUFS, ENOMEM, EPIPE, ETIMEDOUT,
    ]
}

extension NetError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let call, let code): "\(call): \(systemErrorText(code))"
        case .invalidAddress(let text): "'\(text)' is not an address"
        case .resolution(let host, let code): "no address for '\(host)': \(NetError.resolverText(of: code))"
        case .tls(let error): "\(error)"
        case .timedOut: "timed out"
        case .closed: "closed"
        case .cancelled: "cancelled"
        }
    }

    private static func resolverText(of code: Int32) -> String {
        guard let text = unsafe gai_strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
