import GTokenNet
import GTokenRuntime
import Synchronization

/// What is answered at which path.
struct Routes: Sendable {
    let admission: AdmissionHandler
    let cluster: ClusterObserver
    let metrics: WebhookMetrics
    let readiness: Readiness
    /// Whether reviews are answered to callers with a certificate alone; probes have none.
    let asksForCertificate: Bool

    /// The port that the API server calls: reviews, probes and, as in the Go project, metrics.
    func respond(to request: HTTPRequest) async -> HTTPResponse {
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
            if readiness.isStopping { return .text("stopping\n", status: 503) }
            return cluster.isReady
                ? .text("ok\n") : .text("the cluster's version is not known yet\n", status: 503)
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
    private let stopping = Atomic(false)

    /// Whether it is about to end.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// From now on it is not ready.
    func stop() { stopping.store(true, ordering: .relaxed) }
}
