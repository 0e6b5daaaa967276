import GTokenClients
import GTokenCore
import GTokenRuntime

/// Learns what the cluster can do, and again each hour, because clusters are upgraded under running webhooks.
final class ClusterObserver: Sendable {
    private let client: KubernetesClient
    private let clock: any Clock
    private let logger: Logger
    private let configuration: InjectionConfiguration
    private let state: Locked<State>

    private struct State {
        var facts: ClusterFacts?
        var rules: InjectionRules
    }

    private static let interval = Duration.seconds(3600)
    private static let timeout = Duration.seconds(5)

    init(
        client: KubernetesClient,
        configuration: InjectionConfiguration,
        clock: any Clock,
        logger: Logger
    ) {
        self.client = client
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        // Until something is known: the form that works on every cluster.
        let rules = InjectionRules(
            configuration: configuration,
            cluster: ClusterFacts(supportsNativeSidecars: false)
        )
        state = Locked(State(rules: rules))
    }

    /// The rules for what is known.
    var rules: InjectionRules { state.withLock { $0.rules } }

    /// What is known of the cluster.
    var facts: ClusterFacts { rules.cluster }

    /// Whether something is known.
    var isReady: Bool { state.withLock { $0.facts != nil } }

    /// Observes until the task is cancelled.
    func run() async throws(CancellationError) {
        var backoff = Backoff(base: .milliseconds(200), cap: .seconds(10))
        while true {
            let pause: Duration
            do throws(KubernetesError) {
                learn(try await client.clusterFacts(timeout: Self.timeout))
                backoff.reset()
                pause = Self.interval
            } catch .refused(status: 403, let reason) {
                // Reading the version is allowed to everybody unless an administrator took it away.
                let error = KubernetesError.refused(status: 403, reason: reason)
                logger.warning("may not read the cluster's version: native sidecars unknown", LogField(error))
                if !isReady {
                    let audiences = (try? client.apiAudiences()) ?? []
                    learn(ClusterFacts(supportsNativeSidecars: false, apiAudiences: audiences))
                }
                pause = Self.interval
            } catch {
                // Nothing is learned from an API server that is not well: it would count until the next time.
                logger.warning("cannot read the cluster's version", LogField(error))
                pause = backoff.next()
            }
            try await clock.sleep(for: pause)
        }
    }

    private func learn(_ facts: ClusterFacts) {
        let rules = InjectionRules(configuration: configuration, cluster: facts)
        let isNew = state.withLock { known in
            defer { known = State(facts: facts, rules: rules) }
            return known.facts != facts
        }
        if isNew {
            logger.info("learned about the cluster", LogField("nativeSidecars", facts.supportsNativeSidecars))
        }
    }
}
