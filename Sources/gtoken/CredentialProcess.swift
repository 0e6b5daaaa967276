import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// `gtoken credential-process`: prints credentials, those that are kept or new ones.
struct CredentialProcess: Sendable {
    private let configuration: CredentialProcessConfiguration
    private let environment: [String: String]
    /// How long another process may take that makes the same credentials at the moment.
    private static let lockPatience = Duration.seconds(45)

    init(_ configuration: CredentialProcessConfiguration, environment: [String: String]) {
        self.configuration = configuration
        self.environment = environment
    }

    /// Prints them.
    ///
    /// - Throws: `ToolError`, with AWS's or Google's own words.
    func run() throws(ToolError) {
        let loop: EventLoop
        do throws(NetError) { loop = try EventLoop() } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
        let roles = try RoleCredentials(configuration.credentials, environment: environment, on: loop)
        let cache = cache(on: loop)
        let outcome = Locked<Result<CredentialsDocument, ToolError>?>(nil)
        _ = loop.run {
            let result: Result<CredentialsDocument, ToolError>
            do throws(ToolError) {
                result = .success(try await Self.credentials(roles, cache, on: loop))
            } catch {
                result = .failure(error)
            }
            outcome.withLock { $0 = result }
            return 0
        }
        guard let result = outcome.withLock({ $0 }) else { throw ToolError("no result", exitCode: .bug) }
        let document = try result.get()
        do throws(FileError) {
            try StandardOutput.write(document.text(for: .process) + [UInt8(ascii: "\n")])
        } catch {
            throw ToolError("\(error)", exitCode: .unavailable)
        }
    }

    private static func credentials(
        _ roles: RoleCredentials,
        _ cache: CredentialCache?,
        on loop: EventLoop
    ) async throws(ToolError) -> CredentialsDocument {
        guard let cache else { return try await make(roles) }
        if let kept = cache.fresh(at: WallClock.now()) { return kept }
        // Many processes ask at once when a Pod starts: one asks AWS, the others find what it was given.
        let deadline = Deadline.after(lockPatience)
        let lock = try? await cache.lock {
            guard !deadline.hasPassed else { throw CancellationError() }
            try await loop.sleep(for: .milliseconds(20))
        }
        defer { withExtendedLifetime(lock) {} }
        if lock != nil, let kept = cache.fresh(at: WallClock.now()) { return kept }
        let document = try await make(roles)
        cache.keep(document)
        return document
    }

    private static func make(_ roles: RoleCredentials) async throws(ToolError) -> CredentialsDocument {
        do throws(RoleCredentialsError) { return try await roles.make() } catch { throw ToolError(error) }
    }

    /// Where credentials are kept; nil where that is not wanted, or cannot be done, which is said.
    private func cache(on loop: EventLoop) -> CredentialCache? {
        guard let place = configuration.cache else { return nil }
        let path: String
        switch place {
        case .folder(let folder): path = folder
        case .standard: path = Self.standardFolder(environment)
        }
        do throws(FileError) {
            return CredentialCache(try PrivateFolder(path), of: configuration.credentials, environment)
        } catch {
            let log = configuration.credentials.log
            let logger = Logger(level: log.level, format: log.isJSON ? .json : .text, clock: LoopClock(loop))
            logger.warning("credentials are not kept between calls", LogField(error))
            return nil
        }
    }

    static func standardFolder(_ environment: [String: String]) -> String {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
        if let folder = value("XDG_CACHE_HOME") { return "\(folder)/gtoken" }
        // A container without a user of that number has the home /, which is read-only.
        if let home = value("HOME"), home != "/" { return "\(home)/.cache/gtoken" }
        return "\(value("TMPDIR") ?? "/tmp")/gtoken-\(ProcessEnvironment.userID)"
    }
}
