import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

/// A Kubernetes API whose webhook configuration names our Service, and webhooks behind that Service.
final class EnduranceCluster: Sendable {
    let emulator: KubernetesEmulator
    let clock: ShiftedClock
    /// For what is neither the API nor a webhook.
    let loop: EventLoop
    private let access: KubernetesAccess
    private let group: EventLoopGroup
    private let serving: Task<Void, any Error>

    static let host = "gtoken-webhook-svc.gtoken.svc"
    static let configuration = "mutating-gtoken-webhook-cfg"

    init() async throws {
        group = try EventLoopGroup(count: 2)
        let (apiLoop, loop) = (group.next(), group.next())
        clock = ShiftedClock(loop)
        let emulator = KubernetesEmulator(clock: LoopClock(apiLoop))
        let server = HTTPServer(address: .loopback(port: 0), loops: [apiLoop]) {
            await emulator.respond(to: $0)
        }
        access = KubernetesAccess(server: try HTTPURL(parsing: "http://127.0.0.1:\(server.start())"))
        serving = Task(executorPreference: apiLoop) { try await server.run() }
        (self.emulator, self.loop) = (emulator, loop)
        emulator.apply(try KubernetesServiceAccountName(namespace: "gtoken", name: "gtoken-webhook-sa"))
        try await register()
    }

    private func register() async throws {
        let webhook =
            #"{"name":"gtoken.doit-intl.com","sideEffects":"None","admissionReviewVersions":["v1"],"#
            + #""clientConfig":{"service":{"name":"gtoken-webhook-svc","namespace":"gtoken","path":"/pods"}}}"#
        let request = HTTPClientRequest(
            method: "POST",
            url: access.server.appending(
                path: "apis",
                "admissionregistration.k8s.io",
                "v1",
                "mutatingwebhookconfigurations"
            ),
            headers: ["Content-Type": "application/json"],
            body: Array(#"{"metadata":{"name":"\#(Self.configuration)"},"webhooks":[\#(webhook)]}"#.utf8)
        )
        let answer = try await HTTPClient(loop: loop).send(request)
        XCTAssertEqual(answer.status, 201)
    }

    /// The live `caBundle`, as the API server has it at hand: empty where there is none yet.
    var caBundle: [UInt8] {
        let configuration = emulator.object(.mutatingWebhookConfigurations, Self.configuration)
        let webhook = configuration?["webhooks"]?.elements.first { _ in true }
        return Base64.decode(webhook?["clientConfig"]?["caBundle"]?.string() ?? "") ?? []
    }

    /// Makes a ServiceAccount; one that is opted in names a role.
    func make(_ account: String, optedIn: Bool) throws {
        let annotations = [
            "amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/app",
            RoleAnnotations.googleServiceAccountKey: "app@demo-project.iam.gserviceaccount.com",
        ]
        emulator.apply(
            try KubernetesServiceAccountName(namespace: "shop", name: account),
            annotations: optedIn ? annotations : [:]
        )
    }

    /// Starts one more webhook, and waits until it is ready.
    func startReplica(lives: CertificateLives) async throws -> EnduranceReplica {
        let replica = try EnduranceReplica(access: access, clock: clock, lives: lives)
        try await replica.waitUntilReady(on: loop)
        return replica
    }

    func stop() async {
        serving.cancel()
        _ = await serving.result
        group.shutdown()
    }
}

/// A webhook with a thread of its own, as a container has.
final class EnduranceReplica: Sendable {
    let log = RecordedLog()
    private let group: EventLoopGroup
    private let running: Task<Void, any Error>
    private let isToEnd = Locked(false)

    init(access: KubernetesAccess, clock: any Clock, lives: CertificateLives) throws {
        var injection = InjectionConfiguration(image: "gtoken")
        injection.sidecar = .native
        var configuration = WebhookConfiguration(injection: injection)
        configuration.listenAddress = try XCTUnwrap(ListenAddress(parsing: "127.0.0.1:0"))
        configuration.telemetryListenAddress = configuration.listenAddress
        configuration.certificates = .selfManaged(secret: "gtoken-webhook-ca")
        configuration.registration.namespace = "gtoken"
        configuration.shutdownDelay = .seconds(1)
        group = try EventLoopGroup(count: 1)
        let loop = group.next()
        let isToEnd = isToEnd
        let webhook = try Webhook(
            configuration,
            access: access,
            environment: [:],
            loop: loop,
            clock: clock,
            lives: lives,
            logger: log.logger(clock: LoopClock(loop), format: .json, level: .info),
            waitForEnd: {
                while !isToEnd.withLock({ $0 }) { try await loop.sleep(for: .milliseconds(20)) }
                return "SIGTERM"
            }
        )
        running = Task(executorPreference: loop) { try await webhook.run() }
    }

    /// Where reviews are answered.
    var address: SocketAddress? { port("listening").map { .loopback(port: $0) } }

    /// What stands in the log of this message and member, in order.
    func logged(_ message: String) -> [JSONValue] {
        log.lines.compactMap { try? JSONDocument(Array($0.utf8)).root }.filter {
            $0["msg"]?.isString(message) == true
        }
    }

    private func port(_ message: String) -> UInt16? {
        logged(message).first?["port"]?.integer().map { UInt16($0) }
    }

    /// Whether the kubelet would take it for ready.
    func isReady(_ client: HTTPClient) async -> Bool {
        guard let port = port("listening for telemetry"),
            let url = try? HTTPURL(parsing: "http://127.0.0.1:\(port)/readyz")
        else { return false }
        var request = HTTPClientRequest(url: url)
        request.timeout = .seconds(2)
        return (try? await client.send(request))?.status == 200
    }

    func waitUntilReady(on loop: EventLoop) async throws {
        let client = HTTPClient(loop: loop)
        for _ in 0..<6000 {
            if await isReady(client) { return }
            try await loop.sleep(for: .milliseconds(20))
        }
        XCTFail("the webhook does not get ready: \(log.lines.suffix(10))")
        throw CancellationError()
    }

    /// Ends it as a kubelet does, and waits until it has ended.
    func stop() async throws {
        isToEnd.withLock { $0 = true }
        try await running.value
        group.shutdown()
    }
}
