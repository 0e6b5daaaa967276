internal import Glibc

/// Where a tool's result goes.
package enum StandardOutput {
    /// Whether a person reads it: standard output is a terminal.
    package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes all of it, unbuffered.
    package static func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        try writeAll(Array(bytes), to: STDOUT_FILENO, path: "standard output")
    }

    /// Writes a text and a line feed.
    package static func writeLine(_ text: String) throws(FileError) {
        try write(Array(text.utf8) + [UInt8(ascii: "\n")])
    }
}

/// Where a tool's errors and progress go.
package enum StandardError {
    /// Whether a person reads it: standard error is a terminal.
    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a text and a line feed in one go; what cannot be written is lost.
    package static func writeLine(_ text: String) {
        try? writeAll(Array(text.utf8) + [UInt8(ascii: "\n")], to: STDERR_FILENO, path: "standard error")
    }
}

/// Writes all bytes to a descriptor that may be a pipe in non-blocking mode, waiting where it is full.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let error = errno
        if count > 0 {
            rest = rest.dropFirst(count)
        } else if count < 0, error == EAGAIN {
            var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            unsafe poll(&event, 1, -1)
        } else if count == 0 || error != EINTR {
            throw .system(call: "write", path: path, errno: count == 0 ? ENOSPC : error)
        }
    }
}
