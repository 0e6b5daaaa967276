import Foundation
import GTokenRuntime
import TestSupport

/// An independent AWS IAM, with AWS's own managed policies.
final class Moto: Sendable {
    let url: String
    private let process: ChildProcess
    private let folder: TemporaryDirectory

    init() async throws {
        let folder = try TemporaryDirectory()
        var environment = ProcessInfo.processInfo.environment
        environment["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
        process = try ChildProcess(
            ["moto_server", "-H", "127.0.0.1", "-p", "0"],
            environment: environment,
            standardOutput: .file(folder.file("moto-output.log")),
            standardError: .file(folder.file("moto.log"))
        )
        url = try await eventually("moto listens", within: .seconds(120)) {
            folder.text("moto.log").split(whereSeparator: \.isWhitespace).first {
                $0.hasPrefix("http://127.0.0.1:")
            }
            .map(String.init)
        }
        self.folder = folder
    }

    deinit { process.send(signal: SIGKILL) }

    /// How many it has answered.
    var requests: Int { folder.text("moto.log").split(separator: "\n").count { $0.contains("\"POST ") } }

    func stop() {
        process.send(signal: SIGKILL)
        _ = process.waitBlocking()
    }
}
