private import Glibc

/// The owner of one open file descriptor: closes it when its life ends.
///
/// Descriptors are opened close-on-exec, so that no child process inherits a socket.
struct FileDescriptor: ~Copyable, Sendable {
    /// The number, valid as long as the owner lives.
    let rawValue: Int32

    /// Takes over a descriptor that nobody else will close.
    init(owning rawValue: Int32) {
        self.rawValue = rawValue
    }

    deinit {
        // EINTR is not retried: Linux has released the number by then (close(2)).
        _ = close(rawValue)
    }
}
