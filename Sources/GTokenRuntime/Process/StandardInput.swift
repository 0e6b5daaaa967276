internal import Glibc

/// What a tool is given to read.
package enum StandardInput {
    /// Whether a person is there to be asked: standard input is a terminal.
    package static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Reads all of it, of a file, a pipe or a terminal; more than `maxBytes` is an error, never cut.
    ///
    /// - Throws: `FileError`.
    package static func read(maxBytes: Int) throws(FileError) -> [UInt8] {
        let path = "standard input"
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(STDIN_FILENO, &chunk, chunk.count)
            let error = errno
            if count == 0 { return bytes }
            guard count > 0 else {
                if error == EINTR { continue }
                throw .system(call: "read", path: path, errno: error)
            }
            guard bytes.count + count <= maxBytes else { throw .tooLarge(path: path, limit: maxBytes) }
            bytes += chunk[..<count]
        }
    }
}
