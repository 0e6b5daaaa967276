import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl audit`.
struct AuditCommand: Sendable {
    private let configuration: AuditConfiguration
    private let environment: [String: String]

    init(_ configuration: AuditConfiguration, environment: [String: String]) {
        (self.configuration, self.environment) = (configuration, environment)
    }

    /// Runs to the end and ends the process.
    func run() throws(ToolError) {
        try CommandLoop.run { loop in
            let access = try CloudAccess(configuration.access, environment: environment, on: loop)
            let report = try await Audit(configuration: configuration, access: access).report()
            let style = Style(isTerminal: StandardOutput.isTerminal, environment: environment)
            switch configuration.output {
            case .text: try StandardOutput.writeResult(AuditText(style: style).text(report))
            case .json: try StandardOutput.writeResult(AuditText.json(report))
            }
            for failure in report.failures {
                StandardError.writeLine(
                    "gtokenctl: error: \(failure.message)" + (failure.hint.map { "\nhint: \($0)" } ?? "")
                )
            }
            // What was not looked at may be unsafe, too.
            if let failure = report.failures.first { return failure.exitCode }
            return report.findings.isEmpty ? .done : .unwell
        }
    }
}
