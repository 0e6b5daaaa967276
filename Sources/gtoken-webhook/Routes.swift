import GTokenNet
import GTokenRuntime
import Synchronization

/// What is answered at which path.
struct Routes: Sendable {
    let admission: AdmissionHandler
    let metrics: WebhookMetrics
    let readiness: Readiness
    /// Whether reviews are answered to callers with a certificate alone; probes have none.
    let asksForCertificate: Bool

    /// The port that the API server calls: reviews, probes and, as in the Go project, metrics.
    nonisolated(nonsending) func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard request.path == "/pods" else { return respondToTelemetry(request) }
        guard !asksForCertificate || request.isFromVerifiedClient else {
            metrics.unauthenticated.increment()
            return .text("a review needs a client certificate (--client-ca-file)\n", status: 403)
        }
        return await admission.respond(to: request)
    }

    /// The port for probes and metrics alone.
    func respondToTelemetry(_ request: HTTPRequest) -> HTTPResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            var response = HTTPResponse.text("not allowed\n", status: 405)
            response.headers.set("Allow", "GET, HEAD")
            return response
        }
        switch request.path {
        case "/healthz": return .text("ok\n")
        case "/readyz":
            let missing = readiness.missing
            return missing.isEmpty
                ? .text("ok\n") : .text(missing.joined(separator: "\n") + "\n", status: 503)
        case "/metrics":
            return HTTPResponse(
                status: 200,
                contentType: MetricsRegistry.contentType,
                body: metrics.registry.exposition()
            )
        default: return .text("not found\n", status: 404)
        }
    }
}

/// Whether the webhook wants new requests.
final class Readiness: Sendable {
    /// Something that has to hold; in words what does not, `nil` when it does.
    typealias Condition = @Sendable () -> String?

    private let conditions: [Condition]
    private let stopping = Atomic(false)

    init(_ conditions: [Condition]) { self.conditions = conditions }

    /// What is missing, in words; nothing when it is ready.
    var missing: [String] {
        if stopping.load(ordering: .relaxed) { return ["stopping"] }
        return conditions.compactMap { $0() }
    }

    /// From now on it is not ready.
    func stop() { stopping.store(true, ordering: .relaxed) }
}
