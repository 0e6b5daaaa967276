import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl emulate`: serves the stand-ins until a signal comes.
struct EmulateCommand {
    private let configuration: EmulateConfiguration

    init(_ configuration: EmulateConfiguration) { self.configuration = configuration }

    /// Serves, and ends the process.
    func run() throws(ToolError) {
        let loop: EventLoop
        let signals: SignalDescriptor
        do {
            loop = try EventLoop()
            signals = try SignalDescriptor()
        } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
        let configuration = configuration
        let code = loop.run {
            do {
                let clouds = try EmulatedClouds(configuration, on: loop)
                // They end with the process: what the servers keep is in memory.
                for server in clouds.servers { Task(executorPreference: loop) { try await server.run() } }
                try StandardOutput.write(clouds.document.bytes + [UInt8(ascii: "\n")])
                while signals.next() == nil { try await loop.waitReadable(signals.descriptor) }
                return ExitCode.done.rawValue
            } catch {
                StandardError.writeLine("gtokenctl: error: the stand-ins cannot serve: \(error)")
                return ExitCode.unavailable.rawValue
            }
        }
        exitProcess(ExitCode(rawValue: code) ?? .bug)
    }
}
