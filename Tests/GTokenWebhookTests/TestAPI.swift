import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport

/// A Kubernetes API on loopback whose delays pass when the test says so.
final class TestAPI: Sendable {
    let clock = ManualClock()
    let emulator: KubernetesEmulator
    let client: KubernetesClient
    let loop: EventLoop
    private let group: EventLoopGroup
    private let serving: Task<Void, any Error>

    /// Starts it; the client shows `token`, if there is one.
    init(token: String? = nil) throws {
        group = try EventLoopGroup(count: 1)
        let loop = group.next()
        let emulator = KubernetesEmulator(clock: clock)
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { await emulator.respond(to: $0) }
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(server.start())")
        client = try KubernetesClient(
            access: KubernetesAccess(server: url, credential: token.map { .token($0) } ?? .none),
            loop: loop
        )
        serving = Task(executorPreference: loop) { try await server.run() }
        (self.loop, self.emulator) = (loop, emulator)
    }

    /// Ends everything.
    func stop() async {
        serving.cancel()
        _ = await serving.result
        group.shutdown()
    }
}
