internal import Glibc

/// A folder that nobody but its owner can look into, for files with secrets.
package struct PrivateFolder: Sendable {
    /// Its path.
    package let path: String

    /// Opens the folder, or makes it with mode 0700.
    ///
    /// - Throws: `FileError`, ``FileError/notPrivate(path:)`` where it is somebody else's, a link, or open to others.
    package init(_ path: String) throws(FileError) {
        try AtomicFile.createDirectories(TargetPath(path).directory)
        let made = unsafe mkdir(path, 0o700)
        let makeError = errno
        guard made == 0 || makeError == EEXIST else {
            throw .system(call: "mkdir", path: path, errno: makeError)
        }
        var status = stat()
        let result = unsafe lstat(path, &status)
        let error = errno
        guard result == 0 else { throw .system(call: "lstat", path: path, errno: error) }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_mode & 0o077 == 0
        else {
            throw .notPrivate(path: path)
        }
        self.path = path
    }

    /// Reads one of its files.
    ///
    /// - Returns: the bytes; `nil` where there is no such file.
    /// - Throws: `FileError`.
    package func read(_ name: String, maxBytes: Int) throws(FileError) -> [UInt8]? {
        do throws(FileError) {
            return try FileReader.read(path: "\(path)/\(name)", maxBytes: maxBytes)
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// Replaces one of its files as a whole.
    ///
    /// - Throws: `FileError`.
    package func replace(_ name: String, _ contents: [UInt8]) throws(FileError) {
        try AtomicFile.replace(path: "\(path)/\(name)", contents: contents, mode: 0o600)
    }

    /// Waits until nobody else holds the lock of this name, and holds it until the answer is let go.
    ///
    /// A process that ends lets go of its locks. `pause` waits a little between two looks; what it throws ends the wait.
    ///
    /// - Throws: `FileError`, or what `pause` throws.
    package func lock(
        _ name: String,
        pause: () async throws -> Void
    ) async throws -> FolderLock {
        let lockPath = "\(path)/\(name).lock"
        let number = unsafe open(lockPath, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600 as mode_t)
        let error = errno
        guard number >= 0 else { throw FileError.system(call: "open", path: lockPath, errno: error) }
        let lock = FolderLock(number)
        while flock(number, LOCK_EX | LOCK_NB) != 0 { try await pause() }
        return lock
    }
}

/// A lock that is held for as long as this is.
package final class FolderLock: Sendable {
    private let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }
}
