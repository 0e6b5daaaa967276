internal import Glibc

/// Which file it is and in which state: changes when the file is replaced, written to, or given another owner or mode.
///
/// The change time is the kernel's (`st_ctim`, inode(7)), which no call sets.
package struct FileIdentity: Equatable, Sendable {
    private let device: UInt
    private let number: UInt
    private let size: Int
    private let changedSeconds: Int
    private let changedNanoseconds: Int

    /// The identity of an open file.
    init?(_ file: borrowing FileDescriptor) {
        var status = stat()
        guard unsafe fstat(file.number, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The identity of what has this path, a symbolic link itself; `nil` where there is nothing to be seen.
    init?(path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
        size = status.st_size
        changedSeconds = status.st_ctim.tv_sec
        changedNanoseconds = status.st_ctim.tv_nsec
    }
}
