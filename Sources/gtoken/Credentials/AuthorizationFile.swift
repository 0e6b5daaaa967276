import GTokenCore
import GTokenNet
import GTokenRuntime

/// The file with what callers of the endpoint must send; read for each call, so that it can be replaced.
struct AuthorizationFile {
    let path: String

    /// The longest text: the head of a request takes 16 KiB.
    private static let maxBytes = 4096

    /// Makes the file with a random text where there is none.
    ///
    /// - Throws: `ToolError` where it can be neither read nor made, or is empty.
    func prepare(mode: FileMode) throws(ToolError) {
        let isEmpty: Bool
        do throws(FileError) {
            isEmpty = try FileReader.read(path: path, maxBytes: Self.maxBytes).isEmpty
        } catch {
            guard error.isNotFound else {
                throw ToolError("\(error)", hint: Self.hint, exitCode: .configuration)
            }
            return try make(mode)
        }
        guard !isEmpty else {
            throw ToolError("\(path): is empty", hint: Self.hint, exitCode: .configuration)
        }
    }

    /// Whether a caller sent it; compared in a time that does not tell how much of it was right.
    func admits(_ authorization: String?) throws(FileError) -> Bool {
        let wanted = try FileReader.read(path: path, maxBytes: Self.maxBytes)
        // Editors and echo end a file with a line feed; no header can have one.
        let text = wanted.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !text.isEmpty, let authorization else { return false }
        return Crypto.isEqual(Array(text), Array(authorization.utf8))
    }

    private func make(_ mode: FileMode) throws(ToolError) {
        do throws(FileError) {
            try AtomicFile.replace(
                path: path,
                contents: Base64URL.encode(Crypto.randomBytes(32)).utf8,
                mode: mode.bits
            )
        } catch {
            throw ToolError("\(error)", hint: Self.hint, exitCode: .configuration)
        }
    }

    private static let hint =
        "--authorization-token-file names a file with a text that callers send; it is made where it is missing"
}
