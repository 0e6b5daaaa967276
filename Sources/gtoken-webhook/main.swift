import GTokenCore
import GTokenRuntime

private let tool = "gtoken-webhook"

Signals.ignoreBrokenPipe()
Heap.returnLargeBlocks()
do throws(ToolError) {
    let environment = ProcessEnvironment.variables
    switch try command(environment) {
    case .help(let path):
        try StandardOutput.writeResult(UsageText(WebhookCommand.specification, path: path).text)
    case .version:
        try StandardOutput.writeResult("\(tool) \(buildVersion)\n")
    case .server(let configuration):
        try Server(configuration, environment: environment).run()
    }
} catch {
    error.exit(tool: tool)
}

private func command(_ environment: [String: String]) throws(ToolError) -> WebhookCommand {
    do throws(ConfigurationError) {
        return try WebhookCommand(
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: environment,
            version: buildVersion
        )
    } catch {
        throw ToolError(error, tool: tool)
    }
}
