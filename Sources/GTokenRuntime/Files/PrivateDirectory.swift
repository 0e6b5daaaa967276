internal import Glibc

/// A directory that belongs to the process's user alone, for secrets that outlive the process.
///
/// Directory and files are opened by descriptor and no symbolic link at their place is followed, so that what was
/// checked is what is used. Others' files, and those that others may read or write, are not touched.
package final class PrivateDirectory: Sendable {
    private let path: String
    private let directory: FileDescriptor

    /// Opens a directory, and makes it with mode 0700 where it is missing, with those above it.
    ///
    /// - Throws: ``PrivateFileError`` also where it is somebody else's, or where others have any right to it.
    package init(path: String) throws(PrivateFileError) {
        self.path = path
        do throws(FileError) {
            try AtomicFile.createDirectories(path, mode: 0o700)
        } catch {
            throw .file(error)
        }
        let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        let error = errno
        guard number >= 0 else { throw .file(.system(call: "open", path: path, errno: error)) }
        directory = FileDescriptor(owning: number)
        try Self.check(directory, path)
    }

    /// The contents of a file; `nil` where there is none.
    ///
    /// - Throws: ``PrivateFileError`` also where it is somebody else's, or where others have any right to it.
    package func read(_ name: String, maxBytes: Int) throws(PrivateFileError) -> [UInt8]? {
        let number = unsafe openat(
            directory.number,
            name,
            O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        )
        let error = errno
        let path = path(of: name)
        guard number >= 0 else {
            if error == ENOENT { return nil }
            throw .file(.system(call: "open", path: path, errno: error))
        }
        let file = FileDescriptor(owning: number)
        try Self.check(file, path)
        do throws(FileError) {
            return try FileReader.read(file, path: path, maxBytes: maxBytes)
        } catch {
            throw .file(error)
        }
    }

    /// Puts contents in a file's place as a whole, with mode 0600.
    package func replace(_ name: String, contents: [UInt8]) throws(PrivateFileError) {
        do throws(FileError) {
            try AtomicFile.replace(
                TargetPath(path(of: name)),
                in: directory,
                contents: contents,
                mode: 0o600
            )
        } catch {
            throw .file(error)
        }
    }

    /// Takes the lock of this name, of which there is one for all processes; `nil` while another holds it.
    ///
    /// Its file stays: a name that is removed could be locked twice.
    package func lock(_ name: String) throws(PrivateFileError) -> PrivateLock? {
        let number = unsafe openat(
            directory.number,
            name,
            O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
            0o600 as mode_t
        )
        let error = errno
        let path = path(of: name)
        guard number >= 0 else { throw .file(.system(call: "open", path: path, errno: error)) }
        let file = FileDescriptor(owning: number)
        try Self.check(file, path)
        let locked = flock(file.number, LOCK_EX | LOCK_NB)
        let lockError = errno
        guard locked == 0 else {
            if lockError == EWOULDBLOCK { return nil }
            throw .file(.system(call: "flock", path: path, errno: lockError))
        }
        return PrivateLock(file)
    }

    private func path(of name: String) -> String { path + "/" + name }

    private static func check(
        _ file: borrowing FileDescriptor,
        _ path: String
    ) throws(PrivateFileError) {
        var status = stat()
        let result = unsafe fstat(file.number, &status)
        let error = errno
        guard result == 0 else { throw .file(.system(call: "fstat", path: path, errno: error)) }
        guard status.st_uid == geteuid() else { throw .foreign(path: path) }
        guard status.st_mode & 0o077 == 0 else { throw .open(path: path) }
    }
}

/// A lock among processes, held until ``release()`` or the end of the process.
package final class PrivateLock: Sendable {
    private let file: FileDescriptor

    init(_ file: consuming FileDescriptor) { self.file = file }

    /// Lets the next one have it.
    package func release() { flock(file.number, LOCK_UN) }
}

/// Why a private file cannot be used; never says what is in it.
package enum PrivateFileError: Error, Equatable, Sendable {
    /// It cannot be read or written.
    case file(FileError)
    /// It belongs to another user.
    case foreign(path: String)
    /// Others may read or write it.
    case open(path: String)
}

extension PrivateFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .foreign(let path): "\(path): belongs to another user"
        case .open(let path): "\(path): others than its owner have rights to it"
        }
    }
}
