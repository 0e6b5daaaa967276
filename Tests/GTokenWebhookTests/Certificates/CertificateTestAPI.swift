import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

@testable import gtoken_webhook

/// A Kubernetes API on loopback with the two objects that certificates are about, and what goes wrong with them.
final class CertificateTestAPI: Sendable {
    let emulator: KubernetesEmulator
    let client: KubernetesClient
    let clock: ManualClock
    private let group: EventLoopGroup
    private let serving: Task<Void, any Error>

    static let names = CertificateAPI.Names(
        service: "gtoken-webhook-svc",
        namespace: "gtoken",
        secret: "gtoken-webhook-ca",
        configuration: "mutating-gtoken-webhook-cfg"
    )
    static let host = "gtoken-webhook-svc.gtoken.svc"
    private static let token = "the-webhooks-own"
    private static let secrets = "/api/v1/namespaces/gtoken/secrets"
    private static let configurations =
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"

    init(clock: ManualClock) async throws {
        self.clock = clock
        group = try EventLoopGroup(count: 1)
        let loop = group.next()
        let emulator = KubernetesEmulator(clock: clock)
        self.emulator = emulator
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { await emulator.respond(to: $0) }
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(server.start())")
        client = try KubernetesClient(
            access: KubernetesAccess(server: url, credential: .token(Self.token)),
            loop: loop
        )
        serving = Task(executorPreference: loop) { try await server.run() }
        // Makes the namespace.
        emulator.apply(try KubernetesServiceAccountName(namespace: "gtoken", name: "gtoken-webhook-sa"))
        try await register()
    }

    func stop() async {
        serving.cancel()
        _ = await serving.result
        group.shutdown()
    }

    // MARK: What others do

    /// A configuration with a webhook of somebody else in front of our two.
    func register(bundle: String? = nil) async throws {
        let caBundle = bundle.map { #","caBundle":"\#($0)""# } ?? ""
        func entry(_ name: String, _ service: String) -> String {
            #"{"name":"\#(name)","sideEffects":"None","admissionReviewVersions":["v1"],"#
                + #""clientConfig":{"service":{"name":"\#(service)","namespace":"gtoken","path":"/pods"}\#(caBundle)}}"#
        }
        try await register(webhooks: [
            entry("other.example.com", "other"), entry("gtoken.doit-intl.com", Self.names.service),
            entry("required.gtoken.doit-intl.com", Self.names.service),
        ])
    }

    /// A configuration with these webhooks, in place of the one that is there.
    func register(webhooks: [String]) async throws {
        if configuration != nil { try await unregister() }
        let text =
            #"{"metadata":{"name":"\#(Self.names.configuration)"},"webhooks":[\#(webhooks.joined(separator: ","))]}"#
        try await send("POST", Self.configurations, Array(text.utf8))
    }

    func unregister() async throws {
        try await send("DELETE", "\(Self.configurations)/\(Self.names.configuration)")
    }

    func deleteSecret() async throws { try await send("DELETE", "\(Self.secrets)/\(Self.names.secret)") }

    /// Changes a field of the Secret's data; nil takes it away.
    func setField(_ field: String, _ value: String?) async throws {
        let path = JSONPointer(["data", field])
        var writer = JSONWriter()
        writer.value(value ?? "")
        let patch = JSONPatch([value == nil ? .remove(path) : .add(path, value: writer.bytes)])
        try await send(
            "PATCH",
            "\(Self.secrets)/\(Self.names.secret)",
            patch.encoded,
            type: "application/json-patch+json"
        )
    }

    private func send(
        _ method: String,
        _ target: String,
        _ body: [UInt8] = [],
        type: String = "application/json"
    ) async throws {
        var request = HTTPRequest(method: method, target: target)
        request.headers.set("Content-Type", type)
        request.body = body
        let response = await emulator.respond(to: request)
        guard (200...201).contains(response.status) else {
            throw KubernetesError.refused(status: response.status, reason: "\(method) \(target)")
        }
    }

    // MARK: What goes wrong

    /// Refuses calls, such as `patch mutatingwebhookconfigurations`, and no others any longer.
    func deny(_ calls: [String]) {
        emulator.change { behaviour in
            behaviour.faults = calls.map { call in
                let words = call.split(separator: " ").map(String.init)
                return KubernetesFault(.status(403), verbs: [words[0]], resources: [words[1]])
            }
        }
    }

    /// As many writes as this lose a race against somebody who changes nothing; `nil` for all.
    func loseWrites(_ count: Int?) {
        emulator.change {
            $0.faults = [
                KubernetesFault(.status(409), verbs: ["create", "update", "patch"], count: count)
            ]
        }
    }

    /// The webhook may do what the manifests let it, and nothing else.
    func useManifestsRights() {
        let user = KubernetesUser(
            name: "system:serviceaccount:gtoken:gtoken-webhook-sa",
            rules: [
                KubernetesRule(["create"], ["secrets"], namespace: Self.names.namespace),
                KubernetesRule(
                    ["get", "update", "watch"],
                    ["secrets"],
                    names: [Self.names.secret],
                    namespace: Self.names.namespace
                ),
                KubernetesRule(
                    ["get", "watch", "patch"],
                    ["mutatingwebhookconfigurations"],
                    groups: ["admissionregistration.k8s.io"],
                    names: [Self.names.configuration]
                ),
            ]
        )
        emulator.change { $0.users = [Self.token: user] }
    }

    func setAway(_ isAway: Bool) { emulator.change { $0.outage = isAway ? .closing : nil } }

    // MARK: What is there

    var configuration: JSONValue? {
        emulator.object(.mutatingWebhookConfigurations, Self.names.configuration)
    }

    /// What callers of our webhooks trust.
    var webhooks: RegisteredWebhooks? {
        configuration.map {
            RegisteredWebhooks($0, callingService: Self.names.service, in: Self.names.namespace)
        }
    }

    var stored: StoredAuthority? {
        emulator.object(.secrets, namespace: Self.names.namespace, Self.names.secret).map {
            StoredAuthority($0, at: clock.now())
        }
    }
}

/// Runs a test against an API, which ends with it.
///
/// The clock begins at the machine's time.
func withCertificateAPI(_ body: (CertificateTestAPI) async throws -> Void) async throws {
    let now = WallClock.now()
    let api = try await CertificateTestAPI(clock: ManualClock(UnixTime(seconds: now.seconds)))
    let result: Result<Void, any Error>
    do { result = .success(try await body(api)) } catch { result = .failure(error) }
    await api.stop()
    try result.get()
}
