private import GTokenCore
private import GTokenNet
package import GTokenRuntime

/// Credentials in a private directory, from which processes that want the same ones are served.
package struct CredentialCache: Sendable {
    /// Makes new credentials.
    package typealias Source = @Sendable () async throws(CredentialExchangeError) -> SessionCredentials

    private let directory: PrivateDirectory
    private let name: String
    private let clock: any Clock

    /// How long to wait for another process that is about to make the same credentials.
    package static let patience = Duration.seconds(60)
    private static let lookInterval = Duration.milliseconds(50)
    /// What is left of credentials must do for a request to AWS.
    private static let leastTimeLeft = Duration.seconds(60)

    /// A place for the credentials that a list of settings defines.
    package init(_ directory: PrivateDirectory, settings: [String], clock: any Clock) {
        self.directory = directory
        self.clock = clock
        var writer = JSONWriter()
        writer.array { array in
            for setting in settings { array.value(setting) }
        }
        name = Crypto.sha256(writer.bytes).map { Self.hexadecimal($0) }.joined()
    }

    /// The kept credentials while they are fresh, else new ones, which only one process makes at a time.
    ///
    /// When none can be made because a service is away, those that are kept are good as long as they last.
    ///
    /// - Throws: ``CredentialCacheError``; where it is the cache's, nothing has been asked for.
    package func credentials(from source: Source) async throws(CredentialCacheError) -> SessionCredentials {
        if let held = try held(), held.isFresh(at: clock.now()) { return held }
        let lock = try await lock()
        defer { lock?.release() }
        // Another process may have made some while we waited.
        let held = try held()
        if let held, held.isFresh(at: clock.now()) { return held }
        do throws(CredentialExchangeError) {
            let new = try await source()
            // Not to be able to keep them is no reason not to use them.
            try? directory.replace(name, contents: new.keptDocument)
            return new
        } catch {
            if let held, ToolError(error).exitCode == .unavailable,
                held.timeLeft(at: clock.now()) >= Self.leastTimeLeft
            {
                return held
            }
            throw .exchange(error)
        }
    }

    /// What is kept, whatever its state; what cannot be read as credentials is as good as nothing.
    private func held() throws(CredentialCacheError) -> SessionCredentials? {
        do throws(PrivateFileError) {
            return try directory.read(name, maxBytes: SessionCredentials.maxKeptBytes)
                .flatMap(SessionCredentials.init(keptDocument:))
        } catch .file(.tooLarge) {
            return nil
        } catch {
            throw .cache(error)
        }
    }

    /// The lock; `nil` where another process has it for so long that it is stuck.
    private func lock() async throws(CredentialCacheError) -> PrivateLock? {
        var waited = Duration.zero
        while waited <= Self.patience {
            do throws(PrivateFileError) {
                if let lock = try directory.lock(name + ".lock") { return lock }
            } catch {
                throw .cache(error)
            }
            try await clock.sleep(
                for: Self.lookInterval,
                cancelled: CredentialCacheError.exchange(.cancelled)
            )
            waited += Self.lookInterval
        }
        return nil
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}

/// Why there are no credentials from a cache.
package enum CredentialCacheError: Error, Equatable, Sendable {
    /// The cache cannot be used.
    case cache(PrivateFileError)
    /// New ones cannot be made.
    case exchange(CredentialExchangeError)
}
