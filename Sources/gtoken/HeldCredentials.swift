import GTokenClients
import GTokenCore
import GTokenRuntime

/// The credentials that are served: renewed ahead of their end, and kept while nobody gives others.
actor HeldCredentials {
    private let roles: RoleCredentials
    private let clock: any Clock
    private let logger: Logger
    private var document: CredentialsDocument?
    private var making: Task<Result<CredentialsDocument, RoleCredentialsError>, Never>?
    private var throttle = LogThrottle(interval: .seconds(60))
    /// A machine that was suspended does not count that time, its wall clock does.
    private static let longestSleep = Duration.seconds(60)

    init(_ roles: RoleCredentials, clock: any Clock, logger: Logger) {
        self.roles = roles
        self.clock = clock
        self.logger = logger
    }

    /// What is to be served now: what is at hand while it lasts, else what AWS gives.
    func current() async throws(RoleCredentialsError) -> CredentialsDocument {
        let now = clock.now()
        if let document, let end = document.credentials.expiresAt, now < end { return document }
        return try await renewed()
    }

    /// Renews them until the task is cancelled.
    func run() async throws(CancellationError) {
        var backoff = Backoff(floor: .seconds(1), base: .seconds(2), cap: .seconds(30))
        while true {
            switch await outcome() {
            case .success(let document):
                backoff.reset()
                throttle.reset()
                logger.info(
                    "credentials at hand",
                    LogField("expires", document.credentials.expiresAt?.rfc3339 ?? "never"),
                    LogField("renew", document.renewAt.rfc3339)
                )
                while clock.now() < document.renewAt {
                    let rest = document.renewAt.duration(since: clock.now())
                    try await clock.sleep(for: min(rest, Self.longestSleep))
                }
            case .failure(let error):
                complain(error)
                try await clock.sleep(for: backoff.next())
            }
        }
    }

    private func complain(_ error: RoleCredentialsError) {
        let now = clock.now()
        guard throttle.admits("\(error)", at: now) else { return }
        if document?.isValid(at: now) ?? false {
            logger.warning("no new credentials; serving those at hand", LogField(error))
        } else {
            logger.error("no credentials; asking again", LogField(error))
        }
    }

    private func renewed() async throws(RoleCredentialsError) -> CredentialsDocument {
        try await outcome().get()
    }

    /// New ones; whoever asks while they are being made waits for the same.
    private func outcome() async -> Result<CredentialsDocument, RoleCredentialsError> {
        let task: Task<Result<CredentialsDocument, RoleCredentialsError>, Never>
        if let making {
            task = making
        } else {
            let roles = roles
            task = Task {
                do throws(RoleCredentialsError) { return .success(try await roles.make()) } catch {
                    return .failure(error)
                }
            }
            making = task
        }
        let result = await task.value
        if making == task { making = nil }
        if case .success(let document) = result { self.document = document }
        return result
    }
}

extension CredentialsDocument {
    /// When to look for others: well before SDKs do, which is a quarter of an hour before the end.
    var renewAt: UnixTime {
        guard let expiresAt = credentials.expiresAt else { return madeAt }
        let life = expiresAt.duration(since: madeAt)
        // A clock that is ahead of AWS's must not make a busy loop.
        return max(expiresAt - min(.seconds(1200), life / 3), madeAt + .seconds(1))
    }

    /// Whether they can still be used.
    func isValid(at now: UnixTime) -> Bool { credentials.expiresAt.map { now < $0 } ?? true }
}
