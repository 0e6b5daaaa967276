import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// Answers `/pods`: one AdmissionReview in, one out.
struct AdmissionHandler: Sendable {
    let configuration: InjectionConfiguration
    let accounts: ServiceAccounts
    let cluster: ClusterObserver
    let metrics: WebhookMetrics
    let logger: Logger
    private let log: AdmissionLog
    private let badRequest: RepeatedWarning
    private let tooManyCallers: RepeatedWarning

    /// What is left of the API server's patience when we give up, for the answer's way back; a quarter of a
    /// patience that is shorter than four times this.
    private static let margin = Duration.milliseconds(500)
    /// The API server always says how long it waits; this is for others, and its own default.
    private static let defaultTimeout = Duration.seconds(10)

    init(
        configuration: InjectionConfiguration,
        accounts: ServiceAccounts,
        cluster: ClusterObserver,
        metrics: WebhookMetrics,
        logger: Logger,
        clock: any Clock
    ) {
        self.configuration = configuration
        self.accounts = accounts
        self.cluster = cluster
        self.metrics = metrics
        self.logger = logger
        log = AdmissionLog(logger: logger)
        badRequest = RepeatedWarning(
            "refused a request that is no AdmissionReview",
            logger: logger,
            clock: clock
        )
        tooManyCallers = RepeatedWarning(
            "too many reviews wait for the Kubernetes API: told to come back",
            logger: logger,
            clock: clock
        )
    }

    nonisolated(nonsending) func respond(to request: HTTPRequest) async -> HTTPResponse {
        let start = ContinuousClock.now
        guard request.method == "POST" else {
            var response = HTTPResponse.text("an AdmissionReview is sent with POST\n", status: 405)
            response.headers.set("Allow", "POST")
            return response
        }
        guard request.headers.hasMediaType("application/json") else {
            return .text("expected Content-Type application/json\n", status: 415)
        }
        let review: AdmissionReview
        do {
            review = try AdmissionReview(parsing: JSONDocument(request.body))
        } catch {
            metrics.badRequests.increment()
            badRequest.log(LogField(error))
            return .text("\(error)\n", status: 400)
        }
        do throws(LookupError) {
            let outcome = try await outcome(of: review, in: request)
            let response = outcome.response(onInvalid: configuration.onInvalid)
            let duration = ContinuousClock.now - start
            metrics.count(outcome.decision)
            metrics.latency.observe(duration)
            log.write(outcome, of: review, took: duration)
            return .json(response.encoded(for: review))
        } catch {
            return response(to: review, without: error)
        }
    }

    /// What is answered where the ServiceAccount is not known.
    private func response(to review: AdmissionReview, without error: LookupError) -> HTTPResponse {
        switch error {
        case .tooManyCallers:
            metrics.admissions.with("error", "too_many_callers").increment()
            tooManyCallers.log(LogField("uid", review.uid), LogField("namespace", review.namespace))
            return .tryAgain
        case .kubernetes(let error):
            metrics.admissions.with("error", "service_account_unavailable").increment()
            logger.error(
                "cannot decide about a Pod",
                LogField("uid", review.uid),
                LogField("namespace", review.namespace),
                LogField(error)
            )
            // Not an answer: the webhook's failurePolicy decides.
            return .text("cannot read the Pod's ServiceAccount: \(error)\n", status: 500)
        }
    }

    private nonisolated(nonsending) func outcome(
        of review: AdmissionReview,
        in request: HTTPRequest
    ) async throws(LookupError) -> InjectionOutcome {
        guard let object = review.createdPod else { return .left(.notAPodCreation) }
        let pod = NewPod(object)
        if let reason = pod.exemption { return .left(reason) }
        guard let name = pod.serviceAccount(in: review.namespace) else { return .left(.malformedPod) }
        let rules = cluster.rules
        if let account = accounts.known(name, to: rules) { return rules.decide(pod, account: account) }
        do throws(LookupError) {
            let role = try await accounts.role(of: name, within: Self.patience(with: request))
            let rules = cluster.rules
            return rules.decide(pod, account: rules.prepare(role))
        } catch .kubernetes(.notFound) {
            return .left(.serviceAccountNotFound)
        }
    }

    /// How long the answer may take; a timeout that is none, or no time at all, says nothing about it.
    static func patience(with request: HTTPRequest) -> Duration {
        let asked = request.query("timeout").flatMap(Duration.init(goText:))
        let timeout = asked.flatMap { $0 > .zero ? $0 : nil } ?? defaultTimeout
        return timeout - min(margin, timeout / 4)
    }
}
