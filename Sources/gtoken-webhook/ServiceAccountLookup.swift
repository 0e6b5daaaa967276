import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Reads ServiceAccounts from the API server: one GET at a time for each, however many Pods wait for it.
///
/// A caller never gets the answer of a GET that began before it called: the ServiceAccount may have been
/// annotated in between. Whoever comes while a GET runs shares the next one.
actor ServiceAccountLookup {
    typealias Answer = Result<[String: String], KubernetesError>

    /// The GET that runs for one ServiceAccount, and the one that follows it when somebody waits.
    private struct Flight {
        var current: Task<Answer, Never>
        var next: Task<Answer, Never>?
    }

    private let client: KubernetesClient
    private let metrics: WebhookMetrics
    private let loop: EventLoop
    private var flights: [KubernetesServiceAccountName: Flight] = [:]

    /// No request waits longer: below the `timeoutSeconds: 5` of our manifests.
    private static let longestWait = Duration.seconds(4)

    init(client: KubernetesClient, metrics: WebhookMetrics, loop: EventLoop) {
        self.client = client
        self.metrics = metrics
        self.loop = loop
    }

    /// The annotations of a ServiceAccount as they are now.
    ///
    /// - Throws: ``KubernetesError``, a time-out after `timeout` among them.
    func annotations(
        of account: KubernetesServiceAccountName,
        within timeout: Duration
    ) async throws(KubernetesError) -> [String: String] {
        let deadline = ContinuousClock.now + min(timeout, Self.longestWait)
        let task: Task<Answer, Never>
        if var flight = flights[account] {
            task = flight.next ?? get(account, after: flight.current, deadline: deadline)
            flight.next = task
            flights[account] = flight
        } else {
            task = get(account, after: nil, deadline: deadline)
            flights[account] = Flight(current: task)
        }
        return try await task.value.get()
    }

    /// Begins a GET, once the one before it has ended.
    ///
    /// Unstructured, because it serves every caller that comes meanwhile; its deadline ends it.
    private func get(
        _ account: KubernetesServiceAccountName,
        after previous: Task<Answer, Never>?,
        deadline: ContinuousClock.Instant
    ) -> Task<Answer, Never> {
        Task(executorPreference: loop) { [client, metrics] in
            _ = await previous?.value
            let answer: Answer
            do throws(KubernetesError) {
                let timeout = max(deadline - ContinuousClock.now, .zero)
                answer = .success(try await client.serviceAccountAnnotations(of: account, timeout: timeout))
            } catch {
                answer = .failure(error)
            }
            metrics.lookups.with(Self.result(of: answer)).increment()
            await self.land(account)
            return answer
        }
    }

    private func land(_ account: KubernetesServiceAccountName) {
        flights[account] = flights[account]?.next.map { Flight(current: $0) }
    }

    private static func result(of answer: Answer) -> String {
        switch answer {
        case .success: "found"
        case .failure(.notFound): "not_found"
        case .failure(.refused): "refused"
        case .failure(.unreachable): "unreachable"
        case .failure(.malformedAnswer), .failure(.noToken): "failed"
        }
    }
}
