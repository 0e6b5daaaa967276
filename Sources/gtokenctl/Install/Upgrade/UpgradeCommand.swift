import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl upgrade`.
struct UpgradeCommand: Sendable {
    private let configuration: UpgradeConfiguration
    private let environment: [String: String]

    init(_ configuration: UpgradeConfiguration, environment: [String: String]) {
        (self.configuration, self.environment) = (configuration, environment)
    }

    /// Runs to the end and ends the process.
    func run() throws(ToolError) {
        try CommandLoop.run { loop in
            let given = configuration.install
            let kubectl = Kubectl(given.access, on: loop)
            guard let installed = try await Installation.find(kubectl) else {
                throw ToolError(
                    "no webhook is installed",
                    hint: "gtokenctl install, with the same options, installs it",
                    exitCode: .configuration
                )
            }
            let tag = buildVersion.isRelease ? buildVersion : nil
            let settings = try WebhookSettings(given, installed: installed, tag: tag)
            let plan = try await InstallPlan(settings, kubectl)
            var report = InstallReport(changes: plan.changes, isDryRun: given.isDryRun)
            if !given.isDryRun {
                let installer = Installer(
                    kubectl,
                    settings,
                    plan,
                    timeout: given.timeout,
                    style: Style(isTerminal: StandardError.isTerminal, environment: environment)
                )
                report.proof = try await installer.run(isServing: installed.isReady)
            }
            return try report.finish(given.output, environment)
        }
    }
}

extension String {
    /// Whether a build's version is one that images were made of.
    fileprivate var isRelease: Bool {
        hasPrefix("v") && dropFirst().first?.isNumber ?? false && !hasSuffix("-dirty")
    }
}
