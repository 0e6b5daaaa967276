import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Reads ServiceAccounts from the API server: one GET at a time for each, however many Pods wait for it.
///
/// A caller never gets the answer of a GET that began before it called: the ServiceAccount may have been
/// annotated in between. Whoever comes while a GET runs shares the next one, and leaves when its own time is
/// over, whatever the others have left.
actor ServiceAccountLookup {
    private typealias Answer = Result<[String: String], KubernetesError>

    /// The GET that runs for one ServiceAccount, and the one that follows it when somebody waits for that.
    private struct Flight {
        var current: [Int: Waiter]
        var next: [Int: Waiter] = [:]
    }

    private struct Waiter {
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Answer, Never>
        /// Ends the wait; `nil` where the GET has the same deadline and does.
        var timer: Task<Void, Never>?
    }

    private let client: KubernetesClient
    private let metrics: WebhookMetrics
    private let loop: EventLoop
    private var flights: [KubernetesServiceAccountName: Flight] = [:]
    private var lastID = 0

    /// No request waits longer: below the `timeoutSeconds: 5` of our manifests.
    private static let longestWait = Duration.seconds(4)

    init(client: KubernetesClient, metrics: WebhookMetrics, loop: EventLoop) {
        self.client = client
        self.metrics = metrics
        self.loop = loop
    }

    /// How many callers have no answer yet.
    var waitingCount: Int { flights.values.reduce(0) { $0 + $1.current.count + $1.next.count } }

    /// The annotations of a ServiceAccount as they are now.
    ///
    /// - Throws: ``KubernetesError``, a time-out after `timeout` among them.
    func annotations(
        of account: KubernetesServiceAccountName,
        within timeout: Duration
    ) async throws(KubernetesError) -> [String: String] {
        let deadline = ContinuousClock.now + min(timeout, Self.longestWait)
        let answer = await withCheckedContinuation { continuation in
            join(account, Waiter(deadline: deadline, continuation: continuation))
        }
        return try answer.get()
    }

    private func join(_ account: KubernetesServiceAccountName, _ waiter: Waiter) {
        lastID += 1
        let id = lastID
        guard var flight = flights[account] else {
            flights[account] = Flight(current: [id: waiter])
            return get(account)
        }
        var waiter = waiter
        // Cancelled by the answer; otherwise it ends with the wait.
        waiter.timer = Task(executorPreference: loop) { [loop, deadline = waiter.deadline] in
            do throws(CancellationError) {
                try await loop.sleep(for: deadline - ContinuousClock.now)
            } catch {
                return
            }
            await self.expire(id, of: account)
        }
        flight.next[id] = waiter
        flights[account] = flight
    }

    private func expire(_ id: Int, of account: KubernetesServiceAccountName) {
        let waiter =
            flights[account]?.next.removeValue(forKey: id)
            ?? flights[account]?.current.removeValue(forKey: id)
        waiter?.continuation.resume(returning: .failure(.timedOut))
    }

    /// Begins the GET of a flight, which goes on until the last of its callers would have left.
    ///
    /// Unstructured, because it serves every caller that came before; its time-out ends it.
    private func get(_ account: KubernetesServiceAccountName) {
        guard let deadline = flights[account]?.current.values.map(\.deadline).max() else { return }
        Task(executorPreference: loop) { [client, metrics] in
            let answer: Answer
            do throws(KubernetesError) {
                let timeout = max(deadline - ContinuousClock.now, .zero)
                answer = .success(try await client.serviceAccountAnnotations(of: account, timeout: timeout))
            } catch {
                answer = .failure(error)
            }
            metrics.lookups.with(Self.result(of: answer)).increment()
            await self.land(account, answer)
        }
    }

    /// Gives a GET's answer to those who waited for it, and begins the next where somebody waits for that.
    private func land(_ account: KubernetesServiceAccountName, _ answer: Answer) {
        guard let flight = flights.removeValue(forKey: account) else { return }
        for waiter in flight.current.values {
            waiter.timer?.cancel()
            waiter.continuation.resume(returning: answer)
        }
        guard !flight.next.isEmpty else { return }
        flights[account] = Flight(current: flight.next)
        get(account)
    }

    private static func result(of answer: Answer) -> String {
        switch answer {
        case .success: "found"
        case .failure(.notFound): "not_found"
        case .failure(.refused): "refused"
        case .failure(.unreachable), .failure(.timedOut): "unreachable"
        case .failure(.malformedAnswer), .failure(.noToken): "failed"
        }
    }
}
