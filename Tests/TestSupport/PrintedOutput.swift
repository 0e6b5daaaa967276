import Foundation

/// What the processes of the tests print is kept where `GTOKEN_TEST_OUTPUTS` says, for `scripts/secrets.sh` to look
/// for secrets in it.
package enum PrintedOutput {
    /// What a file's name ends with that a process prints to.
    package static let log = ".log", result = ".out"

    private static let folder = ProcessInfo.processInfo.environment["GTOKEN_TEST_OUTPUTS"]

    /// Keeps copies of the files of a folder that processes have printed to.
    package static func keep(in path: String) {
        guard let folder else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasSuffix(log) || name.hasSuffix(result) {
            let copy = "\(folder)/\(UUID().uuidString)-\(name)"
            try? FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: copy)
        }
    }

    /// Keeps what a process printed to us, or answered.
    package static func keep(_ bytes: [UInt8], as name: String) {
        guard let folder else { return }
        let descriptor = unsafe open("\(folder)/\(name)\(log)", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let line = bytes + Array("\n".utf8)
        _ = unsafe write(descriptor, line, line.count)
    }
}
