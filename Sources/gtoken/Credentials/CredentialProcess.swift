import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtoken credential-process`: prints credentials for an AWS SDK that started it.
struct CredentialProcess {
    private let configuration: CredentialProcessConfiguration
    private let environment: [String: String]

    init(_ configuration: CredentialProcessConfiguration, environment: [String: String]) {
        self.configuration = configuration
        self.environment = environment
    }

    /// Prints them.
    ///
    /// - Throws: `ToolError`, which SDKs show to their users.
    func run() throws(ToolError) {
        let tool = try ToolLoop()
        let clock = LoopClock(tool.loop)
        let exchange = try CredentialSource.exchange(
            configuration.credentials,
            environment: environment,
            on: tool.loop,
            // SDKs show what is on standard error only when something failed.
            logger: Logger(level: .warning, clock: clock)
        )
        let cache = try cache(clock)
        try tool.run { () async throws(ToolError) in
            let credentials: SessionCredentials
            do throws(CredentialCacheError) {
                credentials = try await self.credentials(exchange, cache)
            } catch {
                throw ToolError(error)
            }
            try StandardOutput.writeResult(
                String(decoding: credentials.processDocument, as: UTF8.self) + "\n"
            )
        }
    }

    private func credentials(
        _ exchange: CredentialExchange,
        _ cache: CredentialCache?
    ) async throws(CredentialCacheError) -> SessionCredentials {
        let source = { @Sendable () async throws(CredentialExchangeError) in try await exchange.credentials()
        }
        if let cache { return try await cache.credentials(from: source) }
        do throws(CredentialExchangeError) {
            return try await source()
        } catch {
            throw .exchange(error)
        }
    }

    /// The cache; `nil` where none is wanted, or where the user has no place for one.
    private func cache(_ clock: LoopClock) throws(ToolError) -> CredentialCache? {
        guard configuration.caches else { return nil }
        do throws(PrivateFileError) {
            return CredentialCache(
                try PrivateDirectory(path: configuration.cacheDirectory ?? usersDirectory),
                // Where Google's credentials are read from is not among the options.
                settings: configuration.credentials.identity
                    + [environment["GOOGLE_APPLICATION_CREDENTIALS"] ?? ""],
                clock: clock
            )
        } catch {
            guard configuration.cacheDirectory == nil else { throw ToolError(.cache(error)) }
            // A container's file system may be read-only: that is no mistake of who calls.
            StandardError.writeLine("gtoken: warning: credentials are not kept: \(error)")
            return nil
        }
    }

    /// `gtoken` in the user's cache directory (XDG Base Directory Specification), else one of our own among the temporary
    /// ones.
    private var usersDirectory: String {
        func path(_ name: String) -> String? {
            environment[name].flatMap { $0.hasPrefix("/") && $0 != "/" ? $0 : nil }
        }
        if let base = path("XDG_CACHE_HOME") { return base + "/gtoken" }
        // In a container, a user without an entry of its own has the home /, which is read-only.
        if let home = path("HOME") { return home + "/.cache/gtoken" }
        return "\(path("TMPDIR") ?? "/tmp")/gtoken-\(ProcessEnvironment.userID)"
    }
}

extension ToolError {
    fileprivate init(_ error: CredentialCacheError) {
        switch error {
        case .exchange(let cause): self.init(cause)
        case .cache(let cause):
            self.init(
                "credentials cannot be kept: \(cause)",
                hint: "--cache-dir names a directory that is yours alone; --no-cache does without",
                exitCode: .configuration
            )
        }
    }
}
