import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl emulate`: serves the stand-ins until a signal comes.
struct EmulateCommand {
    private let configuration: EmulateConfiguration

    init(_ configuration: EmulateConfiguration) { self.configuration = configuration }

    /// Serves, and ends the process.
    func run() throws(ToolError) {
        let signals = try CommandLoop.signals()
        let configuration = configuration
        try CommandLoop.run { loop in
            let clouds = try EmulatedClouds(configuration, on: loop)
            // They end with the process: what the servers keep is in memory.
            for server in clouds.servers { Task(executorPreference: loop) { try await server.run() } }
            try StandardOutput.write(clouds.document.bytes + [UInt8(ascii: "\n")])
            while signals.next() == nil { try await loop.waitReadable(signals.descriptor) }
            return .done
        }
    }
}
