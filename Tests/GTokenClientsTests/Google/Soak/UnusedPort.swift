import Glibc

/// A port of 127.0.0.1 that is taken, so that nobody gets it, and on which nobody listens.
final class UnusedPort {
    let port: UInt16
    private let descriptor: Int32

    struct Failure: Error { let errno: Int32 }

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size) == 0 ? unsafe getsockname(descriptor, $0, &size) : -1
            }
        }
        let error = errno
        self.descriptor = descriptor
        port = UInt16(bigEndian: address.sin_port)
        guard result == 0 else { throw Failure(errno: error) }
    }

    deinit { close(descriptor) }
}
