/// The path of a file to be replaced, taken apart, and the names of the files that stand in for it meanwhile.
struct TargetPath {
    /// As given.
    let path: String
    /// Everything before the last slash; `.` or `/` where that is nothing.
    let directory: String
    /// Everything after the last slash; empty when the path ends in one.
    let name: String

    init(_ path: String) {
        self.path = path
        // Bytes, not characters: a "/" followed by a combining mark is one Character.
        let bytes = path.utf8
        if let slash = bytes.lastIndex(of: UInt8(ascii: "/")) {
            directory = slash == bytes.startIndex ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
            name = String(decoding: bytes[bytes.index(after: slash)...], as: UTF8.self)
        } else {
            directory = "."
            name = path
        }
    }

    /// A fresh name in the same directory: `.NAME.` and 16 random hexadecimal digits.
    ///
    /// The leading dot hides it from shells and from readers that list the directory.
    func temporaryName() -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return prefix + String(repeating: "0", count: Self.digits - digits.count) + digits
    }

    /// Whether ``temporaryName()`` of the same target can have made this name.
    func isTemporaryName(_ other: String) -> Bool {
        guard other.hasPrefix(prefix), other.utf8.count == prefix.utf8.count + Self.digits else {
            return false
        }
        return other.utf8.dropFirst(prefix.utf8.count).allSatisfy {
            ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "f"))
        }
    }

    func error(_ call: String, _ errno: Int32) -> FileError { .system(call: call, path: path, errno: errno) }

    private static let digits = 16
    /// NAME is cut so that the whole stays within NAME_MAX (255 bytes).
    private var prefix: String { ".\(String(decoding: name.utf8.prefix(200), as: UTF8.self))." }
}
