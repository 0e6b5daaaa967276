internal import Glibc

/// Why a file could not be read or written; never says what is in it.
package enum FileError: Error, Equatable, Sendable {
    /// A system call failed on this path.
    case system(call: String, path: String, errno: Int32)
    /// The path is a directory, device, pipe or socket.
    case notARegularFile(path: String)
    /// The file is larger than the reader takes.
    case tooLarge(path: String, limit: Int)

    /// The path, as given.
    package var path: String {
        switch self {
        case .system(_, let path, _), .notARegularFile(let path), .tooLarge(let path, _): path
        }
    }

    /// Whether the file is absent.
    package var isNotFound: Bool {
        if case .system(_, _, ENOENT) = self { true } else { false }
    }

    /// Whether nobody reads any longer what is written.
    package var isBrokenPipe: Bool {
        if case .system(_, _, EPIPE) = self { true } else { false }
    }

    /// Whether the same call may succeed later without anybody changing a setting: a full or busy system.
    package var isTransient: Bool {
        guard case .system(_, _, let errno) = self else { return false }
        return [EAGAIN, EBUSY, EDQUOT, EIO, EMFILE, ENFILE, ENOENT, ENOMEM, ENOSPC].contains(errno)
    }
}

extension FileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let call, let path, let errno): "\(path): \(call): \(systemErrorText(errno))"
        case .notARegularFile(let path): "\(path): not a regular file"
        case .tooLarge(let path, let limit): "\(path): larger than \(limit) bytes"
        }
    }
}

/// What `errno` means, in the C library's words.
package func systemErrorText(_ errno: Int32) -> String {
    // 128 bytes hold every text of glibc's C locale; strerror itself is not thread-safe.
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
        guard let start = buffer.baseAddress, unsafe strerror_r(errno, start, buffer.count) == 0 else {
            return "error \(errno)"
        }
        return unsafe String(cString: start)
    }
}
