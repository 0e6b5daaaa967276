import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl demo`: sets the stage, runs the demo, and says what came of it.
struct DemoCommand {
    private let configuration: DemoConfiguration

    init(_ configuration: DemoConfiguration) { self.configuration = configuration }

    /// Runs to the end, or with `--keep` until a signal comes, and ends the process.
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
                try await Self.run(configuration, on: loop, signals)
                return ExitCode.done.rawValue
            } catch {
                StandardError.writeLine("gtokenctl: error: the demo failed: \(error)")
                return ExitCode.unavailable.rawValue
            }
        }
        exitProcess(ExitCode(rawValue: code) ?? .bug)
    }

    private static func run(
        _ configuration: DemoConfiguration,
        on loop: EventLoop,
        _ signals: SignalDescriptor
    ) async throws {
        let start = ContinuousClock.now
        let stage = try DemoStage(loop: loop)
        let report = DemoReport(configuration.output)
        // Both end with the process: the servers have nothing to finish, and a signal ends the demo at once.
        for server in stage.servers { Task(executorPreference: loop) { try await server.run() } }
        let interruption = Task(executorPreference: loop) {
            try await loop.waitReadable(signals.descriptor)
            stage.abandon()
            exitProcess(.unwell)
        }
        do {
            let demo = Demo(stage: stage, loop: loop, report: report, sidecar: configuration.sidecar)
            let outcomes = try await demo.run()
            try report.conclude(outcomes, took: ContinuousClock.now - start)
            interruption.cancel()
            _ = await interruption.result
            if configuration.keepsRunning {
                try Self.offer(outcomes, stage, configuration, report)
                while signals.next() == nil { try await loop.waitReadable(signals.descriptor) }
            }
            try await stage.end()
        } catch {
            stage.abandon()
            throw error
        }
    }

    /// Tells clients of the user's own how to find the emulators.
    private static func offer(
        _ outcomes: [DemoOutcome],
        _ stage: DemoStage,
        _ configuration: DemoConfiguration,
        _ report: DemoReport
    ) throws {
        let environments = outcomes.map { ($0.subject.identity, $0.environmentForClients(stage)) }
        for (identity, variables) in environments {
            guard let file = configuration.environmentFile(for: identity) else { continue }
            let lines = variables.map { "\($0.name)=\($0.value)\n" }.joined()
            try AtomicFile.replace(path: file, contents: Array(lines.utf8), mode: 0o600)
        }
        try report.invite(environments)
    }
}
