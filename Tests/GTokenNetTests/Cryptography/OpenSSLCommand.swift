import Foundation
import XCTest

/// The `openssl` command, an implementation of the same standards that shares no code of ours.
enum OpenSSLCommand {
    /// What the command prints; `{0}` in the arguments becomes the path of the first of the files.
    ///
    /// Skips the test where there is no such command, and fails it when the command does.
    static func run(
        _ arguments: [String],
        files: [[UInt8]] = [],
        file: StaticString = #filePath,
        line: UInt = #line
    ) throws -> String {
        let path = "/usr/bin/openssl"
        guard FileManager.default.isExecutableFile(atPath: path) else { throw XCTSkip("no \(path)") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var arguments = arguments
        for (index, bytes) in files.enumerated() {
            let url = folder.appendingPathComponent("\(index)")
            try Data(bytes).write(to: url)
            arguments = arguments.map { $0.replacingOccurrences(of: "{\(index)}", with: url.path) }
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        XCTAssertEqual(
            process.terminationStatus,
            0,
            "\(arguments): \(text)\(complaint)",
            file: file,
            line: line
        )
        return text
    }
}
