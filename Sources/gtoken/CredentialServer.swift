import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtoken serve`: the credentials endpoint of containers, on loopback.
///
/// Who can read the authorization file gets credentials. The name that is asked for has to be one of loopback: a page in
/// a browser could have its own name resolve to it.
struct CredentialServer: Sendable {
    private let configuration: ServeConfiguration
    private let environment: [String: String]
    /// The file's text is a line that somebody may have written by hand.
    private static let maxAuthorizationBytes = 8 * 1024

    init(_ configuration: ServeConfiguration, environment: [String: String]) {
        self.configuration = configuration
        self.environment = environment
    }

    /// Serves until a signal ends the process.
    ///
    /// - Throws: `ToolError` where it cannot begin.
    func run() throws(ToolError) {
        let loop: EventLoop
        do throws(NetError) { loop = try EventLoop() } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
        let clock = LoopClock(loop)
        let log = configuration.credentials.log
        let logger = Logger(level: log.level, format: log.isJSON ? .json : .text, clock: clock)
        try makeAuthorization(logger)
        let held = HeldCredentials(
            try RoleCredentials(configuration.credentials, environment: environment, on: loop),
            clock: clock,
            logger: logger
        )
        let server: HTTPServer
        let port: UInt16
        do throws(NetError) {
            server = HTTPServer(
                address: try SocketAddress(listening: "\(configuration.listenAddress)"),
                loops: [loop],
                handler: { request in await self.respond(to: request, held) }
            )
            port = try server.start()
        } catch {
            throw ToolError(
                "cannot listen at \(configuration.listenAddress): \(error)",
                exitCode: .unavailable
            )
        }
        logger.info("listening", LogField("port", port), LogField("version", buildVersion))
        let code = loop.run {
            Task(executorPreference: loop) { try? await held.run() }
            do throws(NetError) {
                try await server.run()
                return ExitCode.done.rawValue
            } catch {
                logger.error("cannot serve", LogField(error))
                return ExitCode.unavailable.rawValue
            }
        }
        exitProcess(ExitCode(rawValue: code) ?? .bug)
    }

    private func respond(to request: HTTPRequest, _ held: HeldCredentials) async -> HTTPResponse {
        guard Self.isLoopback(request.headers["Host"] ?? "") else {
            return Self.failure(403, "Forbidden", "this endpoint is asked for by an address of loopback")
        }
        guard request.path == "/" else { return Self.failure(404, "NotFound", "credentials are at /") }
        guard request.method == "GET" else { return Self.failure(405, "MethodNotAllowed", "ask with GET") }
        guard let expected = try? authorization(), let shown = request.headers["Authorization"],
            Crypto.isEqual(Array(shown.utf8), expected)
        else {
            return Self.failure(
                401,
                "Unauthorized",
                "Authorization has to be what the authorization token file says"
            )
        }
        do throws(RoleCredentialsError) {
            var answer = HTTPResponse.json(try await held.current().text(for: .container))
            answer.headers.set("Cache-Control", "no-store")
            return answer
        } catch {
            let cause = ToolError(error)
            return Self.failure(
                cause.exitCode == .refused ? 403 : 503,
                cause.exitCode == .refused ? "AccessDenied" : "Unavailable",
                cause.message
            )
        }
    }

    private static func failure(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object { object in
            object.member("code", code)
            object.member("message", message)
        }
        return .json(writer.bytes, status: status)
    }

    private static func isLoopback(_ field: String) -> Bool {
        let host = field.hasPrefix("[") ? field.prefix { $0 != "]" } + "]" : field.prefix { $0 != ":" }
        return host == "localhost" || host == "[::1]"
            || ListenAddress(parsing: "\(host):1")?.host.hasPrefix("127.") == true
    }

    // MARK: The authorization file

    /// Makes the file where it is not there.
    private func makeAuthorization(_ logger: Logger) throws(ToolError) {
        let path = configuration.authorizationTokenFile
        do throws(FileError) {
            if try !exists() {
                let text = Base64URL.encode(Crypto.randomBytes(32))
                try AtomicFile.replace(path: path, contents: Array(text.utf8), mode: 0o600)
                logger.info("made the authorization token file", LogField("path", path))
            }
        } catch {
            throw ToolError("--authorization-token-file: \(error)", exitCode: .configuration)
        }
        guard let text = try? authorization(), !text.isEmpty else {
            throw ToolError("--authorization-token-file: \(path) is empty", exitCode: .configuration)
        }
    }

    private func exists() throws(FileError) -> Bool {
        do throws(FileError) {
            _ = try authorization()
            return true
        } catch {
            if error.isNotFound { return false }
            throw error
        }
    }

    /// Read at each request: whoever replaces it changes who gets in.
    private func authorization() throws(FileError) -> [UInt8] {
        let bytes = try FileReader.read(
            path: configuration.authorizationTokenFile,
            maxBytes: Self.maxAuthorizationBytes
        )
        return Array(String(decoding: bytes, as: UTF8.self).trimmingWhiteSpace.utf8)
    }
}
