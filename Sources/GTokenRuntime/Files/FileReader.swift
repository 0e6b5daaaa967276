internal import Glibc

/// Reads small files whole: certificates, tokens, configuration.
package enum FileReader {
    /// Reads a regular file, following symbolic links (Kubernetes mounts secrets as links).
    ///
    /// - Parameters:
    ///   - path: Absolute, or relative to the working directory.
    ///   - maxBytes: The largest file to take; a larger one is an error, never cut.
    /// - Returns: The bytes, empty for an empty file.
    /// - Throws: `FileError`.
    package static func read(path: String, maxBytes: Int) throws(FileError) -> [UInt8] {
        // Without O_NONBLOCK opening a pipe would wait for its writer before its kind can be seen.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        let openError = errno
        guard number >= 0 else { throw .system(call: "open", path: path, errno: openError) }
        return try read(FileDescriptor(owning: number), path: path, maxBytes: maxBytes)
    }

    /// The same of a file that is open; the path is for errors.
    static func read(
        _ file: borrowing FileDescriptor,
        path: String,
        maxBytes: Int
    ) throws(FileError) -> [UInt8] {
        var status = stat()
        let statResult = unsafe fstat(file.number, &status)
        let statError = errno
        guard statResult == 0 else { throw .system(call: "fstat", path: path, errno: statError) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile(path: path) }
        guard status.st_size <= maxBytes else { throw .tooLarge(path: path, limit: maxBytes) }

        // The size is a hint only: the file may be growing, and those of /proc say 0.
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: max(4096, Int(status.st_size) + 1))
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(file.number, $0.baseAddress, $0.count)
            }
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
