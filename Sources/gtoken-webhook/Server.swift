import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtoken-webhook server`: makes of a configuration what the webhook needs, and runs it.
struct Server {
    private let configuration: WebhookConfiguration
    private let environment: [String: String]

    /// The largest certificate or key file: a chain of ten certificates is 20 KB.
    private static let maxPEMBytes = 1 << 20

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
        if configuration.tls == nil { logger.warning("serving plain HTTP: no certificate is given") }
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
                tls: try tlsContext(),
                loop: loop,
                signals: signals,
                logger: logger
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

    private func tlsContext() throws(ToolError) -> TLSServerContext? {
        guard let files = configuration.tls else { return nil }
        let (chain, key) = (try read(files.certificate), try read(files.privateKey))
        let clientRoots = try configuration.clientCAFile.map(read)
        do throws(TLSError) {
            return try TLSServerContext(
                certificateChainPEM: chain,
                privateKeyPEM: key,
                clientRootsPEM: clientRoots,
                minimumVersion: configuration.minimumTLSVersion == .v1_3 ? .v1_3 : .v1_2
            )
        } catch  where error.material == .trustedRoots {
            throw ToolError(
                "\(configuration.clientCAFile ?? ""): \(error)",
                hint: "--client-ca-file takes the certificates, as PEM, that callers' certificates chain to",
                exitCode: .configuration
            )
        } catch {
            throw ToolError(
                "\(files.certificate) and \(files.privateKey): \(error)",
                hint:
                    "--tls-cert-file takes the certificate with its chain, --tls-private-key-file its key, as PEM",
                exitCode: .configuration
            )
        }
    }

    private func read(_ path: String) throws(ToolError) -> [UInt8] {
        do throws(FileError) {
            return try FileReader.read(path: path, maxBytes: Self.maxPEMBytes)
        } catch {
            throw ToolError("\(error)", exitCode: .configuration)
        }
    }
}
