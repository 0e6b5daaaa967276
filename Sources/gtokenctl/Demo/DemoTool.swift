import Foundation
import GTokenCore
import GTokenNet
import GTokenRuntime

/// One of our own tools, run as a process of its own with its log in the demo's folder.
final class DemoTool: Sendable {
    let process: ChildProcess
    let name: String
    private let log: URL
    private let loop: EventLoop

    /// The path of a tool that was built beside this one.
    static func path(_ name: String) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw DemoError.missingTool(path)
        }
        return path
    }

    init(
        _ name: String,
        _ arguments: [String],
        environment: [String: String],
        log: URL,
        loop: EventLoop
    ) throws {
        self.name = name
        self.log = log
        self.loop = loop
        process = try ChildProcess(
            [try Self.path(name)] + arguments,
            environment: environment,
            standardOutput: .file(log.deletingPathExtension().path + ".out"),
            standardError: .file(log.path)
        )
    }

    /// Waits until `look` finds what it looks for.
    func wait<Value>(for what: String, _ look: () async throws -> Value?) async throws -> Value {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if let value = try await look() { return value }
            if let status = process.exitStatus() {
                throw DemoError.ended(tool: name, status: status, log: logText)
            }
            try await loop.sleep(for: .milliseconds(10))
        }
        throw DemoError.late(tool: name, what: what, log: logText)
    }

    /// Waits for the end; answers the exit status.
    func waitForEnd() async throws -> Int32 {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if let status = process.exitStatus() { return status }
            try await loop.sleep(for: .milliseconds(5))
        }
        throw DemoError.late(tool: name, what: "its end", log: logText)
    }

    /// Asks it to end, the way a kubelet does; answers the exit status.
    func stop() async throws -> Int32 {
        process.send(signal: SIGTERM)
        return try await waitForEnd()
    }

    /// The lines of its log that are JSON.
    var logLines: [JSONValue] {
        logText.split(separator: "\n").compactMap { try? JSONDocument(Array($0.utf8)).root }
    }

    private var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }
}

/// Why the demo could not go on.
enum DemoError: Error, Equatable {
    /// A tool was not built beside this one.
    case missingTool(String)
    /// A tool ended too early.
    case ended(tool: String, status: Int32, log: String)
    /// A tool did not do something in time.
    case late(tool: String, what: String, log: String)
    /// A step had another result than the documentation promises.
    case unexpected(String)
}

extension DemoError: CustomStringConvertible {
    var description: String {
        switch self {
        case .missingTool(let path): "there is no \(path); build all three tools into one folder"
        case .ended(let tool, let status, let log): "\(tool) ended with status \(status):\n\(log)"
        case .late(let tool, let what, let log): "\(tool): \(what) did not come in time:\n\(log)"
        case .unexpected(let text): text
        }
    }
}
