import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport

@testable import gtoken_webhook

/// The two objects that certificates are about, behind a socket: versions, conflicts, patches and refusals as an API
/// server has them.
final class CertificateTestAPI: Sendable {
    struct State {
        var secret: [UInt8]?
        var configuration: [UInt8]?
        var version = 100
        /// `verb object`, such as `patch configuration`.
        var denied: Set<String> = []
        var isAway = false
        /// Writes that lose a race against somebody else, who changes nothing.
        var conflicts = 0
        var log: [String] = []
    }

    let state = Locked(State())
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

    init(clock: ManualClock) throws {
        self.clock = clock
        group = try EventLoopGroup(count: 1)
        let loop = group.next()
        let state = state
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { request in
            Self.respond(to: request, state)
        }
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(server.start())")
        client = try KubernetesClient(access: KubernetesAccess(server: url), loop: loop)
        serving = Task(executorPreference: loop) { try await server.run() }
        try register()
    }

    func stop() async {
        serving.cancel()
        _ = await serving.result
        group.shutdown()
    }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    /// A configuration with a webhook of somebody else in front of our two.
    func register(bundle: String? = nil) throws {
        let caBundle = bundle.map { #","caBundle":"\#($0)""# } ?? ""
        func entry(_ name: String, _ service: String) -> String {
            #"{"name":"\#(name)","clientConfig":{"service":{"name":"\#(service)","namespace":"gtoken","path":"/pods"}\#(caBundle)}}"#
        }
        let webhooks = [
            entry("other.example.com", "other"), entry("gtoken.doit-intl.com", Self.names.service),
            entry("required.gtoken.doit-intl.com", Self.names.service),
        ].joined(separator: ",")
        state.withLock { state in
            state.version += 1
            state.configuration = Array(
                #"{"kind":"MutatingWebhookConfiguration","metadata":{"name":"c","resourceVersion":"\#(state.version)"},"webhooks":[\#(webhooks)]}"#
                    .utf8
            )
        }
    }

    /// What callers of our webhooks trust, and the bundle of the other webhook, which is nobody's business.
    var webhooks: RegisteredWebhooks? {
        get throws {
            try state.withLock { $0.configuration }.map {
                RegisteredWebhooks(
                    try JSONDocument($0).root,
                    callingService: Self.names.service,
                    in: Self.names.namespace
                )
            }
        }
    }

    var stored: StoredAuthority? {
        get throws {
            try state.withLock { $0.secret }.map {
                StoredAuthority(try JSONDocument($0).root, at: clock.now())
            }
        }
    }

    private static func respond(to request: HTTPRequest, _ state: Locked<State>) -> HTTPResponse {
        state.withLock { state in
            if state.isAway { return status(503) }
            let isSecret = request.path.contains("/secrets")
            let verbs = ["GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch"]
            let verb = request.query("watch") == "true" ? "watch" : verbs[request.method] ?? ""
            let call = "\(verb) \(isSecret ? "secret" : "configuration")"
            state.log.append(call)
            if state.denied.contains(call) { return status(403, "Forbidden") }
            let old = isSecret ? state.secret : state.configuration
            switch verb {
            case "get":
                guard let old else { return status(404, "NotFound") }
                return .json(old)
            case "create" where old != nil: return status(409, "AlreadyExists")
            case "watch": return status(410, "Expired")
            default:
                guard let new = changed(old, by: request, verb: verb, state: &state) else {
                    return status(verb == "patch" ? 422 : 409, verb == "patch" ? "Invalid" : "Conflict")
                }
                if isSecret { state.secret = new } else { state.configuration = new }
                return .json(new, status: verb == "create" ? 201 : 200)
            }
        }
    }

    private static func changed(
        _ old: [UInt8]?,
        by request: HTTPRequest,
        verb: String,
        state: inout State
    ) -> [UInt8]? {
        if state.conflicts > 0 {
            state.conflicts -= 1
            return nil
        }
        var body = request.body
        if verb != "create" {
            guard let old, let document = try? JSONDocument(old) else { return nil }
            if verb == "patch" {
                guard let patch = try? JSONPatch(parsing: JSONDocument(body)),
                    let result = try? patch.applied(to: document)
                else { return nil }
                body = result
            } else {
                let given = (try? JSONDocument(body))?.root["metadata"]?["resourceVersion"]?.string()
                guard given == document.root["metadata"]?["resourceVersion"]?.string() else { return nil }
            }
        }
        state.version += 1
        let version = JSONPatch([
            .add(JSONPointer(["metadata", "resourceVersion"]), value: Array("\"\(state.version)\"".utf8))
        ])
        return (try? JSONDocument(body)).flatMap { try? version.applied(to: $0) }
    }

    private static func status(_ code: Int, _ reason: String = "") -> HTTPResponse {
        .json(Array(#"{"kind":"Status","code":\#(code),"reason":"\#(reason)"}"#.utf8), status: code)
    }
}
