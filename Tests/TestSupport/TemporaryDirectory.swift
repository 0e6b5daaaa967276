import Foundation
private import GTokenRuntime

/// A directory of a test's own, removed with its owner.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        let base = FileManager.default.temporaryDirectory
        path = base.appendingPathComponent("gtoken-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        PrintedOutput.keep(in: path)
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in it.
    package func file(_ name: String) -> String { path + "/" + name }

    /// The text of a file in it; empty where there is none.
    package func text(_ name: String) -> String {
        let bytes = try? FileReader.read(path: file(name), maxBytes: 1 << 30)
        return bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Writes a file that only its owner can read; answers its path.
    package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try AtomicFile.replace(path: file(name), contents: bytes, mode: 0o600)
        return file(name)
    }

    /// The names in it, sorted.
    package var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
    }
}
