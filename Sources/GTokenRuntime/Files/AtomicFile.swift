internal import Glibc

/// Replaces a file as a whole: whoever reads it sees the old contents or the new, never a part.
///
/// The contents go to a new file in the same directory, which is then renamed over the target (`rename(2)`).
/// It is this process's, of the group that the directory gives (its own, in a set-group-ID directory), and has its
/// mode before it has its name. A symbolic link at the target is replaced itself; what it points to is left alone.
/// Links further up in the path are followed, as Kubernetes lays its volumes out.
package enum AtomicFile {
    /// Writes `contents` and puts it in the target's place, on disk before this returns.
    ///
    /// Missing directories are made with mode 0755. What an interrupted replacement of the same target left
    /// behind is removed.
    ///
    /// - Parameters:
    ///   - path: The target: absent, a regular file, or a symbolic link.
    ///   - contents: The whole new contents.
    ///   - mode: The permission bits, whatever the process's umask.
    /// - Returns: Which file is now in place; `nil` where the system does not say.
    /// - Throws: `FileError`; the old contents are then still there, and nothing else is.
    @discardableResult
    package static func replace(
        path: String,
        contents: some Collection<UInt8>,
        mode: UInt32 = 0o644
    ) throws(FileError) -> FileIdentity? {
        let target = TargetPath(path)
        try createDirectories(target.directory)
        return try replace(target, in: openDirectory(target), contents: contents, mode: mode)
    }

    /// The same for a name in a directory that is open.
    @discardableResult
    static func replace(
        _ target: TargetPath,
        in directory: borrowing FileDescriptor,
        contents: some Collection<UInt8>,
        mode: UInt32
    ) throws(FileError) -> FileIdentity? {
        try refuseSpecialFile(directory, target)
        removeLeftovers(directory, target)
        let contents = Array(contents)
        for _ in 1..<maxAttempts {
            do {
                return try writeAndRename(directory, target, contents, mode)
            } catch .system("flock", _, EWOULDBLOCK), .system("renameat", _, ENOENT) {
                // Another process took our file for a leftover in the instant before it was locked.
                continue
            }
        }
        return try writeAndRename(directory, target, contents, mode)
    }

    /// Several processes that replace one file at the same time can meet more than once, each time by accident.
    private static let maxAttempts = 10

    /// Removes what interrupted replacements of this target left in its directory.
    ///
    /// A replacement that is under way in another process holds a lock on its file, which is left alone.
    package static func removeLeftovers(path: String) {
        let target = TargetPath(path)
        guard let directory = try? openDirectory(target) else { return }
        removeLeftovers(directory, target)
    }

    private static func writeAndRename(
        _ directory: borrowing FileDescriptor,
        _ target: TargetPath,
        _ contents: [UInt8],
        _ mode: UInt32
    ) throws(FileError) -> FileIdentity? {
        let name = target.temporaryName()
        // Between its making and its lock a file has no owner: removeLeftovers keeps away meanwhile.
        holdDirectory(directory)
        let number = unsafe openat(
            directory.number,
            name,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            0o600 as mode_t
        )
        let openError = errno
        guard number >= 0 else { throw target.error("openat", openError) }
        let file = FileDescriptor(owning: number)
        do {
            // Says to removeLeftovers in other processes that this file has an owner; released by close.
            try check("flock", target, flock(file.number, LOCK_EX | LOCK_NB))
            flock(directory.number, LOCK_UN)
            try writeAll(contents, to: file.number, path: target.path)
            try check("fchmod", target, fchmod(file.number, mode_t(mode)))
            try check("fsync", target, fsync(file.number))
            try check(
                "renameat",
                target,
                unsafe renameat(directory.number, name, directory.number, target.name)
            )
        } catch {
            unsafe unlinkat(directory.number, name, 0)
            throw error
        }
        // The rename has happened. Some file systems cannot sync a directory (EINVAL), and none of what could
        // be done about any other error here would make the new contents less visible.
        fsync(directory.number)
        // After the rename, which some file systems count as a change.
        return FileIdentity(file)
    }

    /// Holds the directory beside others that do, for as long as it is open or until it is let go.
    ///
    /// Who looks for leftovers holds it alone, for an instant. Somebody who holds it for ever is not waited for: then the
    /// file's own lock, and another attempt, are what there is.
    private static func holdDirectory(_ directory: borrowing FileDescriptor) {
        for _ in 0..<100 where flock(directory.number, LOCK_SH | LOCK_NB) != 0 { sched_yield() }
    }

    private static func check(
        _ call: String,
        _ target: TargetPath,
        _ operation: @autoclosure () -> Int32
    ) throws(FileError) {
        let result = operation()
        let error = errno
        guard result == 0 else { throw target.error(call, error) }
    }

    private static func openDirectory(_ target: TargetPath) throws(FileError) -> FileDescriptor {
        let number = unsafe open(target.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let error = errno
        guard number >= 0 else { throw .system(call: "open", path: target.directory, errno: error) }
        return FileDescriptor(owning: number)
    }

    /// Renaming over a device or a pipe would take it away from whoever uses it: `/dev/stdout`, run as root.
    private static func refuseSpecialFile(
        _ directory: borrowing FileDescriptor,
        _ target: TargetPath
    ) throws(FileError) {
        guard !target.name.isEmpty, target.name != ".", target.name != ".." else {
            throw .notARegularFile(path: target.path)
        }
        var status = stat()
        let result = unsafe fstatat(directory.number, target.name, &status, AT_SYMLINK_NOFOLLOW)
        let error = errno
        guard result == 0 else {
            if error == ENOENT { return }
            throw target.error("fstatat", error)
        }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFLNK else { throw .notARegularFile(path: target.path) }
    }

    /// Makes a directory and those above it, as far as they are missing.
    static func createDirectories(_ path: String, mode: UInt32 = 0o755) throws(FileError) {
        let made = unsafe mkdir(path, mode_t(mode))
        let error = errno
        if made == 0 || error == EEXIST { return }
        let parent = TargetPath(path).directory
        guard error == ENOENT, parent != path else { throw .system(call: "mkdir", path: path, errno: error) }
        try createDirectories(parent, mode: mode)
        let madeNow = unsafe mkdir(path, mode_t(mode))
        let errorNow = errno
        guard madeNow == 0 || errorNow == EEXIST else {
            throw .system(call: "mkdir", path: path, errno: errorNow)
        }
    }

    private static func removeLeftovers(_ directory: borrowing FileDescriptor, _ target: TargetPath) {
        // Others are making files here: what is left behind waits for the next replacement.
        guard flock(directory.number, LOCK_EX | LOCK_NB) == 0 else { return }
        defer { flock(directory.number, LOCK_UN) }
        for name in DirectoryListing.names(of: directory) where target.isTemporaryName(name) {
            let number = unsafe openat(directory.number, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard number >= 0 else { continue }
            let file = FileDescriptor(owning: number)
            guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else { continue }
            unsafe unlinkat(directory.number, name, 0)
        }
    }
}
