import Foundation
import XCTest

/// `openssl s_client`, which does what our own client cannot: old versions, and another handshake.
enum SClient {
    /// What it prints until it ends, and its exit status; `line` is typed once `after` has been printed.
    static func run(
        _ arguments: [String],
        port: UInt16,
        typing line: String = "",
        after: String = ""
    ) throws -> (
        text: String, status: Int32
    ) {
        try XCTSkipUnless(BuiltTool.isInstalled("openssl"), "openssl is not installed")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl", "s_client", "-connect", "127.0.0.1:\(port)"] + arguments
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        var text = ""
        if !after.isEmpty {
            while !text.contains(after) {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { break }
                text += String(decoding: data, as: UTF8.self)
            }
            try input.fileHandleForWriting.write(contentsOf: Data(line.utf8))
        } else {
            try input.fileHandleForWriting.close()
        }
        text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (text, process.terminationStatus)
    }
}
