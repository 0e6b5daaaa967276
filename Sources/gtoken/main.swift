import GTokenCore
import GTokenRuntime

private let tool = "gtoken"

Signals.ignoreBrokenPipe()
// Nothing of ours has to be finished: a token file is there as a whole or not at all.
Signals.exitOnTermination()
do throws(ToolError) {
    switch try command() {
    case .help(let path):
        try StandardOutput.writeResult(UsageText(GTokenCommand.specification, path: path).text)
    case .version:
        try StandardOutput.writeResult("\(tool) \(buildVersion)\n")
    case .check(let configuration):
        try TokenCheck(configuration).run(at: WallClock.now())
    case .inspect(let configuration):
        try TokenInspection(configuration).run(at: WallClock.now())
    case .credentialProcess(let configuration):
        try CredentialProcess(configuration, environment: ProcessEnvironment.variables).run()
    case .serve(let configuration):
        try CredentialEndpoint(configuration, environment: ProcessEnvironment.variables).run()
    case .run(let configuration):
        try TokenRun(configuration).run()
    }
    exitProcess(.done)
} catch {
    error.exit(tool: tool)
}

private func command() throws(ToolError) -> GTokenCommand {
    do throws(ConfigurationError) {
        return try GTokenCommand(
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessEnvironment.variables
        )
    } catch {
        throw ToolError(error, tool: tool)
    }
}
