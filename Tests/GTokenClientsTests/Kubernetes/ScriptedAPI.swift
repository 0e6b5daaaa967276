import GTokenClients
import GTokenNet
import GTokenRuntime
import XCTest

/// An API server that answers each request with what the test's handler says, and keeps what was asked.
final class ScriptedAPI: Sendable {
    let client: KubernetesClient
    let loop: EventLoop
    private let group: EventLoopGroup
    private let serving: Task<Void, any Error>
    private let asked = Log()

    /// The targets of all requests so far.
    var targets: [String] { get async { await asked.requests.map(\.target) } }
    /// The requests so far.
    var requests: [HTTPRequest] { get async { await asked.requests } }

    private actor Log {
        var requests: [HTTPRequest] = []

        /// Keeps a request; how many there were before.
        func add(_ request: HTTPRequest) -> Int {
            requests.append(request)
            return requests.count - 1
        }
    }

    init(
        credential: KubernetesAccess.Credential = .none,
        _ handler: @escaping @Sendable (_ number: Int, HTTPRequest) -> HTTPResponse
    ) throws {
        group = try EventLoopGroup(count: 1)
        loop = group.loops[0]
        let asked = asked
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { request in
            handler(await asked.add(request), request)
        }
        let url = try KubernetesAccess.url("http://127.0.0.1:\(try server.start())")
        serving = Task(executorPreference: loop) { try await server.run() }
        client = try KubernetesClient(
            access: KubernetesAccess(server: url, credential: credential),
            loop: loop
        )
    }

    /// Ends everything.
    func stop() async {
        serving.cancel()
        _ = await serving.result
        group.shutdown()
    }
}

extension HTTPResponse {
    /// A JSON text.
    static func json(_ text: String, status: Int = 200) -> HTTPResponse {
        .json(Array(text.utf8), status: status)
    }

    /// A Status object of the API.
    static func failure(_ status: Int, _ reason: String) -> HTTPResponse {
        .json(
            #"{"kind":"Status","status":"Failure","reason":"\#(reason)","code":\#(status)}"#,
            status: status
        )
    }
}
