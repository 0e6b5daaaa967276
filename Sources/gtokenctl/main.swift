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
    case .demo(let configuration):
        try DemoCommand(configuration).run()
    }
} catch {
    error.exit(tool: tool)
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
