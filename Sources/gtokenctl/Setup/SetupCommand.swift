import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtokenctl plan`, `apply`, `delete` and `status`.
struct SetupCommand: Sendable {
    /// What is to be done.
    enum Verb: Sendable {
        case plan
        case apply
        case delete
        case status
    }

    private let verb: Verb
    private let configuration: SetupConfiguration
    private let environment: [String: String]

    init(_ verb: Verb, _ configuration: SetupConfiguration, environment: [String: String]) {
        self.verb = verb
        self.configuration = configuration
        self.environment = environment
    }

    /// Runs to the end and ends the process.
    func run() throws(ToolError) {
        let bindings = try SetupInput(configuration).bindings()
        let signals = try CommandLoop.signals()
        try CommandLoop.run { loop in try await self.run(bindings, on: loop, signals) }
    }

    private func run(
        _ bindings: [Binding],
        on loop: EventLoop,
        _ signals: SignalDescriptor
    ) async throws -> ExitCode {
        let clients = try await CloudClients(configuration.access, environment: environment, on: loop)
        let work = try SetupWork(bindings, in: clients.account)
        let references = SetupWork.references(of: bindings)
        func context(isDryRun: Bool) -> SetupContext {
            SetupContext(
                google: clients.google,
                clusters: clients.clusters,
                aws: clients.aws,
                account: clients.account,
                kubernetes: KubernetesObjects(clients.kubectl, of: references),
                isDryRun: isDryRun,
                settings: SetupContext.Settings(
                    annotationPrefix: configuration.annotationPrefix,
                    adopts: configuration.adopts,
                    enablesWorkloadIdentity: configuration.enablesWorkloadIdentity
                )
            )
        }
        func perform(_ steps: [SetupStep], _ interruption: Interruption? = nil) async -> SetupReport {
            await self.perform(steps, with: clients, on: loop, interruption)
        }
        switch verb {
        case .plan:
            return try finish(await perform(work.reconciling(context(isDryRun: true))), isDryRun: true)
        case .status:
            let report = await perform(work.reconciling(context(isDryRun: true)))
            return try SetupStatus(work, bindings, report).finish(configuration.output, style)
        case .apply:
            let steps = work.reconciling(context(isDryRun: false))
            return try finish(await perform(steps, Interruption(loop, signals)), isDryRun: false)
        case .delete:
            if !configuration.isConfirmed {
                let plan = await perform(work.removing(context(isDryRun: true)))
                guard plan.failures.isEmpty else { return try finish(plan, isDryRun: true) }
                guard plan.changes.contains(where: \.isChange) else {
                    return try finish(plan, isDryRun: false)
                }
                try Confirmation.ask(plan.changes, environment: environment)
            }
            let steps = work.removing(context(isDryRun: false))
            return try finish(await perform(steps, Interruption(loop, signals)), isDryRun: false)
        }
    }

    private var style: Style { Style(isTerminal: StandardOutput.isTerminal, environment: environment) }

    private func perform(
        _ steps: [SetupStep],
        with clients: CloudClients,
        on loop: EventLoop,
        _ interruption: Interruption?
    ) async -> SetupReport {
        let start = ContinuousClock.now
        let progress = SetupProgress(
            steps.count,
            isShown: interruption != nil,
            style: Style(isTerminal: StandardError.isTerminal, environment: environment)
        )
        let watch = Task(executorPreference: loop) { await progress.watch(on: loop) }
        let outcomes = await SetupGraph(steps, width: configuration.parallelism).run(
            isStopped: { interruption?.hasCome ?? false },
            begin: progress.begin,
            report: progress.end
        )
        watch.cancel()
        await watch.value
        interruption?.end()
        return SetupReport(outcomes, cost: clients.cost(since: start))
    }

    private func finish(_ report: SetupReport, isDryRun: Bool) throws -> ExitCode {
        switch configuration.output {
        case .json: try StandardOutput.writeResult(report.json(isDryRun: isDryRun))
        case .text:
            let changes = ChangeText(style: style)
            let shown = report.changes.filter { $0.action != .keep && (isDryRun || $0.action == .leave) }
            let lines = shown.map(changes.text) + [style.bold(report.summary(isDryRun: isDryRun))]
            try StandardOutput.writeResult(lines.joined(separator: "\n") + "\n")
            if let cost = report.cost { StandardError.writeLine("gtokenctl: \(cost.text)") }
        }
        for (object, failure) in report.failures {
            StandardError.writeLine(
                "gtokenctl: error: \(object): \(failure.message.inOneLine)"
                    + (failure.hint.map { "\nhint: \($0)" } ?? "")
            )
        }
        for (object, cause) in report.unbegun where configuration.output == .text {
            StandardError.writeLine(
                "gtokenctl: not begun: \(object)" + (cause.map { ", because of \($0)" } ?? "")
            )
        }
        return report.exitCode(isDryRun: isDryRun)
    }
}
