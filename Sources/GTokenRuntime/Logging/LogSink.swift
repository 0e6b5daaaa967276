internal import Glibc

/// Where a logger's lines go.
package struct LogSink: Sendable {
    /// Takes one whole line with its line feed.
    package let write: @Sendable ([UInt8]) -> Void

    /// Makes a sink from a function that may be called from any thread.
    package init(_ write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

    /// Standard error; a line that cannot be written is lost, since there is nowhere to say so.
    package static let standardError = LogSink { line in
        var rest = line[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            let error = errno
            if count > 0 { rest = rest.dropFirst(count) } else if error != EINTR { return }
        }
    }
}
