/// A file that this process keeps: it puts the contents there, and sees when somebody else changed them.
package final class KeptFile: Sendable {
    /// The path, as given.
    package let path: String
    private let mode: UInt32
    private let left = Locked<FileIdentity?>(nil)

    /// A file that has not been written yet.
    ///
    /// - Parameters:
    ///   - path: As for ``AtomicFile/replace(path:contents:mode:)``.
    ///   - mode: The permission bits that it gets each time.
    package init(_ path: String, mode: UInt32) {
        self.path = path
        self.mode = mode
    }

    /// Puts contents in the file's place, as ``AtomicFile`` does, whatever is there now.
    package func put(_ contents: some Collection<UInt8>) throws(FileError) {
        let identity = try AtomicFile.replace(path: path, contents: contents, mode: mode)
        left.withLock { $0 = identity }
    }

    /// Whether the file is there as ``put(_:)`` left it: contents, owner and mode; one system call.
    package var isAsLeft: Bool {
        guard let identity = left.withLock({ $0 }) else { return false }
        return FileIdentity(path: path) == identity
    }
}
