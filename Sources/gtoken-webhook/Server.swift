import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtoken-webhook server`: makes of a configuration what the webhook needs, and runs it.
struct Server {
    private let configuration: WebhookConfiguration
    private let environment: [String: String]

    init(_ configuration: WebhookConfiguration, environment: [String: String]) {
        self.configuration = configuration
        self.environment = environment
    }

    /// Runs until a signal ends it.
    func run() throws(ToolError) {
        let loop: EventLoop
        let signals: SignalDescriptor
        do {
            loop = try EventLoop()
            signals = try SignalDescriptor()
        } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
        let logger = Logger(
            level: configuration.log.level,
            format: configuration.log.isJSON ? .json : .text,
            clock: LoopClock(loop)
        )
        let webhook = try webhook(loop: loop, signals: signals, logger: logger)
        if configuration.certificates == .none {
            logger.warning("serving plain HTTP: no certificate is given")
        }
        if configuration.injection.image == nil {
            logger.warning("nothing will be injected: no token image is given (--image or GTOKEN_IMAGE)")
        }
        let code = loop.run {
            do {
                try await webhook.run()
                return ExitCode.done.rawValue
            } catch {
                logger.error("cannot serve", LogField(error))
                return ExitCode.unavailable.rawValue
            }
        }
        exitProcess(ExitCode(rawValue: code) ?? .bug)
    }

    private func webhook(
        loop: EventLoop,
        signals: SignalDescriptor,
        logger: Logger
    ) throws(ToolError) -> Webhook {
        do {
            return try Webhook(
                configuration,
                access: access(),
                environment: environment,
                loop: loop,
                clock: LoopClock(loop),
                logger: logger,
                waitForEnd: {
                    while true {
                        if let signal = signals.next() { return "\(signal)" }
                        try await loop.waitReadable(signals.descriptor)
                    }
                }
            )
        } catch let error as ToolError {
            throw error
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
    }

    /// The Kubernetes API: as told, else that of the cluster we run in, else that of the kubeconfig.
    private func access() throws(ToolError) -> KubernetesAccess {
        do throws(KubernetesAccessError) {
            if let url = configuration.kubernetesAPI {
                return KubernetesAccess(server: try KubernetesAccess.url(url))
            }
            if let access = try KubernetesAccess.inCluster(environment: environment) { return access }
            return try KubernetesAccess.kubeconfig()
        } catch {
            throw ToolError(
                "\(error)",
                hint: "outside a cluster, set KUBECONFIG or run \"kubectl proxy\" and use --kube-api",
                exitCode: .configuration
            )
        }
    }
}
