import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtoken serve`: credentials of a role for the processes of this machine, or of this Pod.
struct CredentialEndpoint {
    private let configuration: ServeConfiguration
    private let environment: [String: String]

    init(_ configuration: ServeConfiguration, environment: [String: String]) {
        self.configuration = configuration
        self.environment = environment
    }

    /// Serves until a signal ends the process.
    func run() throws(ToolError) {
        let tool = try ToolLoop()
        let loop = tool.loop
        let clock = LoopClock(loop)
        let logger = Logger(
            level: configuration.log.level,
            format: configuration.log.isJSON ? .json : .text,
            clock: clock
        )
        let exchange = try CredentialSource.exchange(
            configuration.credentials,
            environment: environment,
            on: loop,
            logger: logger
        )
        let authorization = AuthorizationFile(path: configuration.authorizationFile)
        try authorization.prepare(mode: configuration.authorizationFileMode)
        let keeper = CredentialKeeper(
            { () async throws(CredentialExchangeError) in try await exchange.credentials() },
            clock: clock,
            logger: logger
        )
        let routes = CredentialRoutes(keeper: keeper, authorization: authorization, logger: logger)
        let server = try server(routes, on: loop, logger: logger)
        try tool.run { () async throws(ToolError) in
            try await Self.serve(server, keeper)
        }
    }

    private func server(
        _ routes: CredentialRoutes,
        on loop: EventLoop,
        logger: Logger
    ) throws(ToolError) -> HTTPServer {
        do {
            let server = HTTPServer(
                address: try SocketAddress(listening: "\(configuration.address)"),
                loops: [loop],
                limits: Self.limits
            ) { await routes.respond(to: $0) }
            let port = try server.start()
            let address = ListenAddress(host: configuration.address.host, port: port)
            let url = "http://\(address)\(CredentialRoutes.path)"
            if let path = configuration.urlFile {
                try AtomicFile.replace(path: path, contents: url.utf8)
            }
            logger.info("serving credentials", LogField("url", url))
            return server
        } catch let error as FileError {
            throw ToolError("--url-file: \(error)", exitCode: .configuration)
        } catch {
            throw ToolError("cannot listen on \(configuration.address): \(error)", exitCode: .unavailable)
        }
    }

    /// A GET has no body, and the SDKs of one Pod are few.
    private static var limits: HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.maxBodyBytes = 1024
        limits.maxBodyBytesInFlight = 64 * 1024
        limits.maxConnections = 100
        return limits
    }

    private static func serve(
        _ server: HTTPServer,
        _ keeper: CredentialKeeper
    ) async throws(ToolError) {
        let failure = await withTaskGroup(of: ToolError?.self) { group in
            group.addTask {
                do throws(NetError) {
                    try await server.run()
                    return nil
                } catch {
                    return ToolError("cannot serve: \(error)", exitCode: .unavailable)
                }
            }
            group.addTask {
                try? await keeper.run()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let failure { throw failure }
    }
}
