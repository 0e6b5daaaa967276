import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl doctor`.
struct DoctorCommand: Sendable {
    private let configuration: DoctorConfiguration
    private let environment: [String: String]

    init(_ configuration: DoctorConfiguration, environment: [String: String]) {
        (self.configuration, self.environment) = (configuration, environment)
    }

    /// Runs to the end and ends the process.
    func run() throws(ToolError) {
        let bindings = try SetupInput(configuration.setup).bindings()
        try CommandLoop.run { loop in
            let access = try CloudAccess(configuration.setup.access, environment: environment, on: loop)
            let sections = await Doctor(configuration, bindings, access).examine()
            let style = Style(isTerminal: StandardOutput.isTerminal, environment: environment)
            switch configuration.setup.output {
            case .text: try StandardOutput.writeResult(DoctorText(style: style).text(sections))
            case .json: try StandardOutput.writeResult(DoctorText.json(sections))
            }
            return sections.allSatisfy(\.isWell) ? .done : .unwell
        }
    }
}
