import Foundation
import GTokenRuntime
import XCTest

/// The tools as they were built beside these tests.
enum BuiltTool {
    /// The path of a tool's binary; `GTOKEN_WEBHOOK` names another one of the webhook, such as a release build.
    static func path(_ name: String) -> String {
        if name == "gtoken-webhook", let other = ProcessInfo.processInfo.environment["GTOKEN_WEBHOOK"] {
            return other
        }
        let folder = Bundle(for: Anchor.self).bundleURL
        let candidates = [folder, folder.deletingLastPathComponent()].map {
            $0.appendingPathComponent(name).path
        }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? candidates[0]
    }

    /// Whether a program of others is on the `PATH`.
    static func isInstalled(_ program: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    private final class Anchor: XCTestCase {}
}

/// Waits for something that another process does, looking every few milliseconds.
@discardableResult
func eventually<Value>(
    _ what: String,
    within timeout: Duration = .seconds(20),
    file: StaticString = #filePath,
    line: UInt = #line,
    _ look: () throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + timeout
    while ContinuousClock.now < deadline {
        if let value = try look() { return value }
        try await Task.sleep(for: .milliseconds(5))
    }
    XCTFail("\(what) did not happen within \(timeout)", file: file, line: line)
    throw CancellationError()
}
