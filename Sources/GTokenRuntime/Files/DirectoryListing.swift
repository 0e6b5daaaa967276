internal import Glibc

/// The names in a directory.
enum DirectoryListing {
    /// Every name but `.` and `..`, in no order; empty where the directory cannot be listed.
    static func names(of directory: borrowing FileDescriptor) -> [String] {
        // A second open file description: closedir closes what fdopendir was given.
        let number = unsafe openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return [] }
        guard let stream = unsafe fdopendir(number) else {
            close(number)
            return []
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
