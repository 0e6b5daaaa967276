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

    /// What the clock is set forward by at a time.
    static let step = Duration.seconds(86_400)
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
    private let seen = Locked<Set<String>>([])

    struct NotReady: Error {
        let objections: Set<String>
        let log: [String]
    }

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

    /// What the kubelet's probe is answered; `nil` while nobody listens.
    private func probe(_ client: HTTPClient) async -> HTTPResponse? {
        guard let port = port("listening for telemetry"),
            let url = try? HTTPURL(parsing: "http://127.0.0.1:\(port)/readyz")
        else { return nil }
        var request = HTTPClientRequest(url: url)
        request.timeout = .seconds(2)
        return try? await client.send(request)
    }

    /// Why it was not ready yet, in the words of its probe, each once.
    var objections: Set<String> { seen.withLock { $0 } }

    /// Ends when it is ready.
    ///
    /// - Throws: ``NotReady`` after two minutes, which 100,000 ServiceAccounts need on no machine.
    func waitUntilReady(on loop: EventLoop) async throws {
        let client = HTTPClient(loop: loop)
        defer { client.close() }
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            if let answer = await probe(client) {
                if answer.status == 200 { return }
                seen.withLock { $0.formUnion(answer.text.split(separator: "\n").map(String.init)) }
            }
            try await loop.sleep(for: .milliseconds(20))
        }
        throw NotReady(objections: objections, log: Array(log.lines.suffix(10)))
    }

    /// Ends it as a kubelet does, and waits until it has ended.
    func stop() async throws {
        isToEnd.withLock { $0 = true }
        try await running.value
        group.shutdown()
    }
}
