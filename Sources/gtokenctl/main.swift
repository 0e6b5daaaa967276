import GTokenCore
import GTokenRuntime

private let tool = "gtokenctl"

Signals.ignoreBrokenPipe()
do throws(ToolError) {
    switch try command() {
    case .help(let path):
        try StandardOutput.writeResult(UsageText(ControlCommand.specification, path: path).text)
    case .version:
        try StandardOutput.writeResult("\(tool) \(buildVersion)\n")
    case .plan(let configuration): try setUp(.plan, configuration)
    case .apply(let configuration): try setUp(.apply, configuration)
    case .delete(let configuration): try setUp(.delete, configuration)
    case .status(let configuration): try setUp(.status, configuration)
    case .doctor(let configuration):
        try DoctorCommand(configuration, environment: ProcessEnvironment.variables).run()
    case .audit(let configuration):
        try AuditCommand(configuration, environment: ProcessEnvironment.variables).run()
    case .trustPolicy(let configuration):
        try TrustPolicyCommand(configuration, environment: ProcessEnvironment.variables).run()
    case .manifests(let configuration):
        try ManifestsCommand(configuration, environment: ProcessEnvironment.variables).run()
    case .terraform(let configuration):
        try TerraformCommand(configuration, environment: ProcessEnvironment.variables).run()
    case .certificates(let configuration):
        try CertificatesCommand(configuration).run()
    case .install(let configuration):
        try InstallCommand(configuration, environment: ProcessEnvironment.variables).run()
    case .upgrade(let configuration):
        try UpgradeCommand(configuration, environment: ProcessEnvironment.variables).run()
    case .uninstall(let configuration):
        try UninstallCommand(configuration, environment: ProcessEnvironment.variables).run()
    case .completion(let shell):
        try StandardOutput.writeResult(CompletionScript(ControlCommand.specification).text(for: shell))
    case .demo(let configuration):
        try DemoCommand(configuration).run()
    case .emulate(let configuration):
        try EmulateCommand(configuration).run()
    }
} catch {
    error.exit(tool: tool)
}

private func setUp(_ verb: SetupCommand.Verb, _ configuration: SetupConfiguration) throws(ToolError) {
    try SetupCommand(verb, configuration, environment: ProcessEnvironment.variables).run()
}

private func command() throws(ToolError) -> ControlCommand {
    do throws(ConfigurationError) {
        return try ControlCommand(
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessEnvironment.variables
        )
    } catch {
        throw ToolError(error, tool: tool)
    }
}
