import GTokenClients
import GTokenCore
import GTokenRuntime

/// The roles of the ServiceAccounts that are opted in, as a watch tells them; the others are not kept.
final class ServiceAccountCache: KubernetesMirror {
    private struct State {
        var roles: [KubernetesServiceAccountName: Entry] = [:]
        /// How many of them are prepared at most; those that changed since count, too.
        var prepared = 0
        /// Counts the lists; an entry that the last one did not have is gone.
        var list = 0
        var isSynced = false
        var isForbidden = false
        var lastHeard: UnixTime?

        mutating func forgetPrepared() {
            // By hand: `indices` would hold a second copy of all roles while they change.
            var index = roles.values.startIndex
            while index != roles.values.endIndex {
                roles.values[index].prepared = nil
                roles.values.formIndex(after: &index)
            }
            prepared = 0
        }
    }

    private struct Entry {
        var role: ServiceAccountRole
        var list: Int
        /// The same as the rules take it, from its first Pod on: most roles wait for theirs.
        var prepared: PreparedAccount?
    }

    /// Roles that are kept prepared: each takes 1.5 KB, which for those of a large cluster would be more than all that is
    /// known of them, and preparing one costs less than an admission.
    static let maxPrepared = 512

    private let configuration: InjectionConfiguration
    private let clock: any Clock
    private let logger: Logger
    private let state = Locked(State())
    private let throttle = Locked(LogThrottle(interval: .seconds(300)))

    init(configuration: InjectionConfiguration, clock: any Clock, logger: Logger) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
    }

    /// The role that a ServiceAccount asks for; `nil` where it is not known to ask for one.
    func role(of account: KubernetesServiceAccountName) -> ServiceAccountRole? {
        state.withLock { $0.roles[account]?.role }
    }

    /// The same as the rules take it.
    func account(
        _ account: KubernetesServiceAccountName,
        preparedBy rules: InjectionRules
    ) -> PreparedAccount? {
        state.withLock { state in
            guard let index = state.roles.index(forKey: account) else { return nil }
            if let prepared = state.roles.values[index].prepared { return prepared }
            if state.prepared == Self.maxPrepared { state.forgetPrepared() }
            let prepared = rules.prepare(state.roles.values[index].role)
            state.roles.values[index].prepared = prepared
            state.prepared += 1
            return prepared
        }
    }

    /// How many roles are prepared.
    var preparedCount: Int { state.withLock { $0.roles.values.count { $0.prepared != nil } } }

    /// How many ServiceAccounts are opted in.
    var count: Int { state.withLock { $0.roles.count } }

    /// Whether all ServiceAccounts have been listed since the start.
    var isSynced: Bool { state.withLock { $0.isSynced } }

    /// Whether ServiceAccounts may not be listed or watched: then each is asked for when it is needed.
    var isForbidden: Bool { state.withLock { $0.isForbidden } }

    /// Why Pods cannot be answered yet as they are to be; `nil` when all ServiceAccounts are known, or may not be.
    var objection: String? {
        isSynced || isForbidden ? nil : "the ServiceAccounts are not known yet"
    }

    /// How long nothing was heard of the watch; `nil` before anything was.
    var age: Duration? {
        let now = clock.now()
        return state.withLock { $0.lastHeard.map { max(now.duration(since: $0), .zero) } }
    }

    func listBegan() { state.withLock { $0.list += 1 } }

    func put(_ object: JSONValue) {
        guard let (account, annotations) = Self.read(object) else { return }
        let role = ServiceAccountRole(annotations, configuration)
        state.withLock { state in
            state.roles[account] = role == .notOptedIn ? nil : Entry(role: role, list: state.list)
        }
    }

    func remove(_ object: JSONValue) {
        guard let (account, _) = Self.read(object) else { return }
        state.withLock { $0.roles[account] = nil }
    }

    func listEnded() {
        let (count, isFirst) = state.withLock { state in
            let list = state.list
            state.roles = state.roles.filter { $0.value.list == list }
            defer {
                state.isSynced = true
                state.isForbidden = false
            }
            return (state.roles.count, !state.isSynced)
        }
        logger.info("listed the ServiceAccounts", LogField("optedIn", count), LogField("again", !isFirst))
    }

    func heard() {
        let now = clock.now()
        state.withLock { $0.lastHeard = now }
        throttle.withLock { $0.reset() }
    }

    func failed(_ error: KubernetesError) {
        var isForbidden = false
        if case .refused(status: 403, _) = error { isForbidden = true }
        if isForbidden {
            state.withLock { state in
                // Nobody would tell when one of them changes.
                state.roles = [:]
                state.isSynced = false
                state.isForbidden = true
            }
        }
        guard throttle.withLock({ $0.admits("\(error)", at: clock.now()) }) else { return }
        if isForbidden {
            logger.warning(
                "may not list and watch ServiceAccounts: each is asked for when a Pod needs it",
                LogField(error)
            )
        } else {
            logger.warning("cannot watch ServiceAccounts: what is known of them stays", LogField(error))
        }
    }

    private static func read(_ object: JSONValue) -> (KubernetesServiceAccountName, [String: String])? {
        guard let metadata = try? KubernetesMetadata(of: object),
            let account = try? KubernetesServiceAccountName(
                namespace: metadata.namespace,
                name: metadata.name
            )
        else { return nil }
        return (account, metadata.annotations)
    }
}
