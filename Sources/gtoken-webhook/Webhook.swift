import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// The whole webhook while it runs: servers, what they answer with, and the way they end.
struct Webhook: Sendable {
    private let server: HTTPServer
    private let telemetry: HTTPServer?
    private let cluster: ClusterObserver
    private let accounts: KubernetesReflector
    private let certificates: (any CertificateSource)?
    private let waitForEnd: @Sendable () async throws -> String
    private let loop: EventLoop
    private let logger: Logger
    private let readiness: Readiness

    private let shutdownDelay: Duration
    /// How long answers in flight may take at the end; the Pod's own grace period is 30 s.
    private static let drain = Duration.seconds(6)

    /// Makes all its parts; nothing is served yet.
    ///
    /// The webhook ends when `waitForEnd` returns, which says why.
    init(
        _ configuration: WebhookConfiguration,
        access: KubernetesAccess,
        environment: [String: String],
        loop: EventLoop,
        clock: any Clock,
        lives: CertificateLives = CertificateLives(),
        logger: Logger,
        waitForEnd: @escaping @Sendable () async throws -> String
    ) throws {
        let client = try KubernetesClient(access: access, loop: loop)
        let metrics = WebhookMetrics()
        let cluster = ClusterObserver(
            client: client,
            configuration: configuration.injection,
            clock: clock,
            logger: logger
        )
        let certificates = try CertificateSetup(
            configuration: configuration,
            environment: environment,
            client: client,
            registry: metrics.registry,
            clock: clock,
            lives: lives,
            logger: logger
        ).source()
        let cache = ServiceAccountCache(configuration: configuration.injection, clock: clock, logger: logger)
        metrics.observe(cache)
        let readiness = Readiness([
            { cluster.isReady ? nil : "the cluster's version is not known yet" },
            { cache.objection },
            { certificates?.objection },
        ])
        let handler = AdmissionHandler(
            configuration: configuration.injection,
            accounts: ServiceAccounts(
                cache: cache,
                lookup: ServiceAccountLookup(client: client, metrics: metrics, loop: loop),
                configuration: configuration.injection
            ),
            cluster: cluster,
            metrics: metrics,
            logger: logger,
            clock: clock
        )
        let routes = Routes(
            admission: handler,
            metrics: metrics,
            readiness: readiness,
            asksForCertificate: configuration.clientCAFile != nil
        )
        var serving: (@Sendable () -> TLSServerContext)?
        if let certificate = certificates?.serving { serving = { certificate.context } }
        server = HTTPServer(
            address: try SocketAddress(listening: "\(configuration.listenAddress)"),
            loops: [loop],
            tls: serving,
            handler: { await routes.respond(to: $0) }
        )
        metrics.observe(server.counters)
        telemetry = try configuration.telemetryListenAddress.map { address in
            HTTPServer(
                address: try SocketAddress(listening: "\(address)"),
                loops: [loop],
                handler: { routes.respondToTelemetry($0) }
            )
        }
        accounts = KubernetesReflector(
            client: client,
            selection: KubernetesSelection(.serviceAccounts, isMetadataOnly: true),
            mirror: cache,
            clock: clock
        )
        self.cluster = cluster
        self.certificates = certificates
        self.waitForEnd = waitForEnd
        self.loop = loop
        self.logger = logger
        self.readiness = readiness
        shutdownDelay = configuration.shutdownDelay
    }

    /// Serves until it is told to end.
    func run() async throws {
        logger.info(
            "listening",
            LogField("port", try server.start()),
            LogField("version", buildVersion)
        )
        if let telemetry { logger.info("listening for telemetry", LogField("port", try telemetry.start())) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            if let telemetry { group.addTask { try await telemetry.run() } }
            group.addTask {
                do throws(CancellationError) { try await cluster.run() } catch { return }
            }
            group.addTask {
                do throws(CancellationError) { try await accounts.run() } catch { return }
            }
            if let certificates {
                group.addTask {
                    do throws(CancellationError) { try await certificates.run() } catch { return }
                }
            }
            group.addTask { try await stopWhenTold() }
            // The observer ends with the group; a server that ends by itself is a failure.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Ends both servers in the way that loses no admission (kubernetes#127335).
    private func stopWhenTold() async throws {
        logger.info("stopping", LogField("signal", try await waitForEnd()))
        readiness.stop()
        // Requests go on being answered while the Pod's address leaves the Service.
        try await loop.sleep(for: shutdownDelay)
        await server.shutdown(within: Self.drain)
        await telemetry?.shutdown(within: .seconds(1))
        logger.info("stopped")
    }
}
