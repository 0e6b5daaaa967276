import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import XCTest

/// The stand-in for Google on a socket, and the clients of an administrator.
final class GoogleStandIn: Sendable {
    let emulator: GoogleEmulator
    let api: GoogleAPIClient
    let url: HTTPURL
    let project: GoogleProjectID
    let cluster: GKECluster
    let loop: EventLoop
    private let group: EventLoopGroup
    private let serving: Task<Void, any Error>

    var iam: GoogleIAMClient { GoogleIAMClient(api) }
    var gke: GKEClient { GKEClient(api) }
    var cloud: GoogleCloud { emulator.cloud }

    /// Serves; waits are those of the real clock, so that a test's patience is what it says.
    init(patience: Duration = .seconds(60)) throws {
        group = try EventLoopGroup(count: 1)
        loop = group.loops[0]
        project = try GoogleProjectID(parsing: "demo-project")
        let configuration = GoogleEmulatorConfiguration(
            email: try GoogleServiceAccountEmail(parsing: "uploader@demo-project.iam.gserviceaccount.com"),
            uniqueID: try GoogleUniqueID(parsing: "104857601234567890123"),
            project: project,
            serviceAccount: try KubernetesServiceAccountName(namespace: "reports", name: "uploader")
        )
        cluster = try GKECluster(
            project: project,
            location: configuration.clusterLocation,
            name: configuration.clusterName
        )
        let clock = LoopClock(loop)
        let emulator = try GoogleEmulator(configuration, clock: clock)
        self.emulator = emulator
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { await emulator.respond(to: $0) }
        url = try HTTPURL(scheme: .http, host: "127.0.0.1", port: try server.start())
        serving = Task(executorPreference: loop) { try await server.run() }
        var limits = GoogleAPIClient.Limits()
        limits.patience = patience
        limits.reads = CallPacer.Limits(concurrent: 16, perSecond: 5000, burst: 1000)
        limits.writes = CallPacer.Limits(concurrent: 8, perSecond: 5000, burst: 1000)
        api = GoogleAPIClient(
            endpoints: try GoogleEndpoints(all: url),
            tokens: CachedAccessTokens(AdministratorTokens(emulator: emulator), clock: clock),
            limits: limits,
            clock: clock,
            http: HTTPClient(loop: loop)
        )
    }

    /// Ends everything.
    func stop() async {
        serving.cancel()
        _ = await serving.result
        group.shutdown()
    }

    func email(_ name: String) throws -> GoogleServiceAccountEmail {
        try GoogleServiceAccountEmail(name: name, project: project)
    }

    /// Runs a test's body, and ends everything.
    static func run(
        patience: Duration = .seconds(60),
        _ body: (GoogleStandIn) async throws -> Void
    ) async throws {
        let google = try GoogleStandIn(patience: patience)
        do {
            try await body(google)
        } catch {
            await google.stop()
            throw error
        }
        await google.stop()
    }
}

private struct AdministratorTokens: GoogleAccessTokenSource {
    let emulator: GoogleEmulator

    func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken {
        try GoogleAccessToken(emulator.administratorToken(), expiresAt: nil, source: "test")
    }
}

/// What a call fails with.
func googleError<Value>(
    _ call: () async throws(GoogleAPIError) -> Value,
    file: StaticString = #filePath,
    line: UInt = #line
) async -> GoogleAPIError? {
    do throws(GoogleAPIError) {
        _ = try await call()
        XCTFail("the call did not fail", file: file, line: line)
        return nil
    } catch {
        return error
    }
}
