import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime

/// A metadata server on loopback, and a loop for everything in this process.
final class MetadataServer {
    let google: GoogleEmulator
    let port: UInt16
    private let group: EventLoopGroup
    private let serving: Task<Void, any Error>

    init(_ behave: (inout GoogleBehaviour) -> Void = { _ in }) throws {
        group = try EventLoopGroup(count: 1)
        let loop = group.next()
        var behaviour = GoogleBehaviour()
        behave(&behaviour)
        let google = try GoogleEmulator(
            GoogleEmulatorConfiguration(
                email: GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com"),
                uniqueID: GoogleUniqueID(parsing: "104387266351829007741"),
                project: GoogleProjectID(parsing: "demo-project"),
                serviceAccount: KubernetesServiceAccountName(namespace: "cap", name: "app")
            ),
            behaviour: behaviour,
            clock: LoopClock(loop)
        )
        self.google = google
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { await google.respond(to: $0) }
        port = try server.start()
        serving = Task(executorPreference: loop) { try await server.run() }
    }

    /// How often an ID token was asked for.
    var identityRequests: Int {
        google.journal.entries.count { $0.path.contains("/identity") }
    }

    /// Ends everything.
    func stop() async {
        serving.cancel()
        _ = await serving.result
        group.shutdown()
    }
}
