import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl install`.
struct InstallCommand: Sendable {
    private let configuration: InstallConfiguration
    private let environment: [String: String]

    init(_ configuration: InstallConfiguration, environment: [String: String]) {
        (self.configuration, self.environment) = (configuration, environment)
    }

    /// Runs to the end and ends the process.
    func run() throws(ToolError) {
        try CommandLoop.runInstalling { loop in
            let kubectl = Kubectl(configuration.access, on: loop)
            let installed = try await Installation.find(kubectl)
            if let installed, !installed.isOurs {
                throw ToolError(
                    "the Go project's webhook is installed in the namespace \(installed.namespace)",
                    hint: "gtokenctl upgrade replaces it while Pods go on being injected",
                    exitCode: .configuration
                )
            }
            let settings = try WebhookSettings(configuration, installed: installed)
            let plan = try await InstallPlan(settings, kubectl)
            var report = InstallReport(changes: plan.changes, isDryRun: configuration.isDryRun)
            if !configuration.isDryRun {
                let installer = Installer(
                    kubectl,
                    settings,
                    plan,
                    timeout: configuration.timeout,
                    style: Style(isTerminal: StandardError.isTerminal, environment: environment)
                )
                report.proof = try await installer.run(
                    isServing: installed?.isReady ?? false,
                    bridges: installed?.needsBridge(to: settings) ?? false
                )
            }
            return try report.finish(configuration.output, environment)
        }
    }
}

extension InstallReport {
    /// Prints it; answers how the tool ends.
    func finish(_ form: OutputForm, _ environment: [String: String]) throws(ToolError) -> ExitCode {
        let style = Style(isTerminal: StandardOutput.isTerminal, environment: environment)
        switch form {
        case .text: try StandardOutput.writeResult(text(style))
        case .json: try StandardOutput.writeResult(json())
        }
        if !isWell { return .unwell }
        return isDryRun && changes.contains(where: \.isChange) ? .changes : .done
    }
}

extension Kubectl {
    /// The cluster that a command line names.
    init(_ access: AccessConfiguration, on loop: EventLoop) {
        self.init(
            access: KubectlAccess(context: access.kubernetesContext, kubeconfig: access.kubeconfig),
            loop: loop
        )
    }
}
