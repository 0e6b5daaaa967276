import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl uninstall`.
struct UninstallCommand: Sendable {
    private let configuration: UninstallConfiguration
    private let environment: [String: String]

    init(_ configuration: UninstallConfiguration, environment: [String: String]) {
        (self.configuration, self.environment) = (configuration, environment)
    }

    /// Runs to the end and ends the process.
    func run() throws(ToolError) {
        try CommandLoop.runInstalling { loop in
            let kubectl = Kubectl(configuration.access, on: loop)
            let installed = try await Installation.find(kubectl)
            let namespace =
                configuration.namespace ?? installed?.namespace ?? InstallConfiguration.standardNamespace
            let plan = try await UninstallPlan(namespace: namespace, kubectl)
            var report = InstallReport(changes: plan.changes, isDryRun: configuration.isDryRun)
            if !configuration.isDryRun, plan.changes.contains(where: \.isChange) {
                if !configuration.isConfirmed {
                    try Confirmation.ask(plan.changes, environment: environment)
                }
                let style = Style(isTerminal: StandardError.isTerminal, environment: environment)
                try await plan.run(kubectl) { StandardError.writeLine("\(style.red("deleted")) \($0)") }
            }
            report.notes = try await leftovers(kubectl)
            return try report.finish(configuration.output, environment)
        }
    }

    /// ServiceAccounts that still name a role, and Pods that have what the webhook gave them.
    private func leftovers(_ kubectl: Kubectl) async throws -> [String] {
        let prefix = configuration.annotationPrefix
        let accounts = try await AuditedServiceAccount.all(kubectl, prefix: prefix)
        let pods = try await kubectl.list(["pods", "--all-namespaces"]).filter {
            $0["metadata"]?["annotations"]?["admission.gtoken/status"]?.isString("injected") ?? false
        }
        return accounts.map {
            "ServiceAccount \($0.name) still has \(prefix)role-arn, which nobody follows now: kubectl annotate serviceaccount "
                + "\($0.name.name) --namespace=\($0.name.namespace) \(prefix)role-arn-"
        }
            + pods.map {
                "Pod \($0["metadata"]?["namespace"]?.string() ?? "")/\($0["metadata"]?["name"]?.string() ?? "") was injected, and "
                    + "keeps its role until it is recreated"
            }
    }
}
