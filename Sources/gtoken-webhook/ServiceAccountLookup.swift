import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Reads ServiceAccounts from the API server: one GET at a time for each, however many Pods wait for it.
///
/// A caller never gets the answer of a GET that began before it called: the ServiceAccount may have been
/// annotated in between. Whoever comes while a GET runs shares the next one, and leaves when its own time is
/// over, whatever the others have left. How much goes on at the same time, ``Limits`` say.
actor ServiceAccountLookup {
    /// What goes on at the same time: anybody in the cluster's network can ask for any ServiceAccount.
    struct Limits {
        /// The most GETs under way; those of further ServiceAccounts wait for one to end.
        ///
        /// Pods created at once mostly share a ServiceAccount, and so a GET. A GET takes 5 to 10 ms: 32 make at least
        /// 3,200 answers a second, more than API servers create Pods. Each is a connection, and stays below what the
        /// server's own limit leaves of 1,024 descriptors.
        var gets = 32
        /// The most callers without an answer; one more is told to come back.
        ///
        /// Three API servers may each send 200 reviews at once. It is below the server's limit of connections, so that
        /// an API that hangs leaves places for probes and for reviews that need no ServiceAccount.
        var callers = 600
    }

    private typealias Answer = Result<[String: String], KubernetesError>

    /// The GET for one ServiceAccount, and the one that follows it when somebody came while it ran.
    private struct Flight {
        var isUnderWay = false
        var current: [Int: Waiter] = [:]
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
    private let limits: Limits
    private var flights: [KubernetesServiceAccountName: Flight] = [:]
    /// The flights that are not under way yet, in their order.
    private var queue: [KubernetesServiceAccountName] = []
    private(set) var getsUnderWay = 0
    private var lastID = 0

    /// How many callers have no answer yet.
    private(set) var waitingCount = 0

    /// No request waits longer: below the `timeoutSeconds: 5` of our manifests.
    private static let longestWait = Duration.seconds(4)

    init(client: KubernetesClient, metrics: WebhookMetrics, loop: EventLoop, limits: Limits = Limits()) {
        self.client = client
        self.metrics = metrics
        self.loop = loop
        self.limits = limits
    }

    /// The annotations of a ServiceAccount as they are now.
    ///
    /// - Throws: ``LookupError``, a time-out after `timeout` among them.
    func annotations(
        of account: KubernetesServiceAccountName,
        within timeout: Duration
    ) async throws(LookupError) -> [String: String] {
        guard waitingCount < limits.callers else { throw .tooManyCallers }
        waitingCount += 1
        let deadline = ContinuousClock.now + min(timeout, Self.longestWait)
        let answer = await withCheckedContinuation { continuation in
            join(account, Waiter(deadline: deadline, continuation: continuation))
        }
        switch answer {
        case .success(let annotations): return annotations
        case .failure(let error): throw .kubernetes(error)
        }
    }

    private func join(_ account: KubernetesServiceAccountName, _ waiter: Waiter) {
        lastID += 1
        let id = lastID
        if flights[account] == nil {
            flights[account] = Flight(current: [id: waiter])
            queue.append(account)
            startQueued()
            // The GET that it waits for alone, and that runs already, ends with its time.
            if flights[account]?.isUnderWay == true { return }
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
        if flights[account]?.isUnderWay == true {
            flights[account]?.next[id] = waiter
        } else {
            flights[account]?.current[id] = waiter
        }
    }

    private func expire(_ id: Int, of account: KubernetesServiceAccountName) {
        let waiter =
            flights[account]?.next.removeValue(forKey: id)
            ?? flights[account]?.current.removeValue(forKey: id)
        if let waiter { finish(waiter, .failure(.timedOut)) }
    }

    private func finish(_ waiter: Waiter, _ answer: Answer) {
        waitingCount -= 1
        waiter.timer?.cancel()
        waiter.continuation.resume(returning: answer)
    }

    private func startQueued() {
        while getsUnderWay < limits.gets, !queue.isEmpty { start(queue.removeFirst()) }
    }

    /// Begins the GET of a flight, which goes on until the last of its callers would have left.
    ///
    /// Unstructured, because it serves every caller that came before; its time-out ends it.
    private func start(_ account: KubernetesServiceAccountName) {
        guard let deadline = flights[account]?.current.values.map(\.deadline).max() else {
            // All have left before its turn came.
            flights[account] = nil
            return
        }
        flights[account]?.isUnderWay = true
        getsUnderWay += 1
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
        getsUnderWay -= 1
        if let flight = flights.removeValue(forKey: account) {
            for waiter in flight.current.values { finish(waiter, answer) }
            if !flight.next.isEmpty {
                flights[account] = Flight(current: flight.next)
                queue.append(account)
            }
        }
        startQueued()
    }

    private static func result(of answer: Answer) -> String {
        switch answer {
        case .success: "found"
        case .failure(.notFound): "not_found"
        case .failure(.refused): "refused"
        case .failure(.unreachable), .failure(.timedOut): "unreachable"
        case .failure(.malformedAnswer), .failure(.noToken), .failure(.conflict), .failure(.expired): "failed"
        }
    }
}

/// Why a ServiceAccount's annotations are not known.
enum LookupError: Error, Equatable {
    /// As many callers as may wait do.
    case tooManyCallers
    /// What came of asking the API server.
    case kubernetes(KubernetesError)
}
