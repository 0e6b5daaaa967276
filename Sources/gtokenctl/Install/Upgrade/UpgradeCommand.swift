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
        try CommandLoop.runInstalling { loop in
            let given = configuration.install
            let kubectl = Kubectl(given.access, on: loop)
            guard let installed = try await Installation.find(kubectl) else {
                throw ToolError(
                    "no webhook is installed",
                    hint: "gtokenctl install, with the same options, installs it",
                    exitCode: .configuration
                )
            }
            var wanted = given
            if !installed.isOurs {
                let kept = GoProject(installation: installed).environment
                wanted.environment = kept.merging(given.environment) { _, new in new }
            }
            let tag = buildVersion.isRelease ? buildVersion : nil
            let settings = try WebhookSettings(wanted, installed: installed, tag: tag)
            let plan = try await InstallPlan(settings, kubectl, replaces: !installed.isOurs)
            let former = try await GoProject.remains(besides: settings.namespace, kubectl)
            var report = InstallReport(
                changes: plan.changes + former.map { ObjectChange(ObjectID($0), .delete) },
                isDryRun: given.isDryRun
            )
            if !given.isDryRun {
                let installer = Installer(
                    kubectl,
                    settings,
                    plan,
                    timeout: given.timeout,
                    style: Style(isTerminal: StandardError.isTerminal, environment: environment)
                )
                let proof = try await installer.run(
                    isServing: installed.isReady,
                    bridges: installed.needsBridge(to: settings)
                )
                if proof.isWell { try await installer.remove(former) }
                report.proof = proof
            }
            if !installed.isOurs {
                report.notes = try await GoProject.review(configuration, kubectl, environment: environment)
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
