import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

final class EmulatorServerTests: XCTestCase {
    func testTheChainHoldsOverSockets() async throws {
        let fixture = try EmulatorFixture()
        try await Self.serving(fixture.google.respond) { google, http in
            // STS fetches the keys as AWS does, by way of discovery.
            let configuration = try google.replacing(target: "/.well-known/openid-configuration")
            let aws = AWSEmulator(
                googleKeys: { try await JSONWebKeySet.discovered(at: configuration, by: http) },
                clock: fixture.clock
            )
            try aws.register(
                fixture.role,
                trustPolicy: TrustPolicy.google(
                    uniqueID: fixture.uniqueID,
                    audience: EmulatorFixture.audience
                )
            )
            let target =
                "/computeMetadata/v1/instance/service-accounts/default/identity?audience=\(EmulatorFixture.audience)"
            let token = try await http.send(
                HTTPClientRequest(
                    url: try google.replacing(target: target),
                    headers: ["Metadata-Flavor": "Google"]
                )
            )
            XCTAssertEqual(token.headers["Metadata-Flavor"], "Google")
            try await Self.serving(aws.respond) { sts, _ in
                let form: HTTPForm = [
                    "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                    "RoleSessionName": "pod-1",
                    "RoleArn": fixture.role.description, "WebIdentityToken": token.text,
                ]
                let response = try await http.send(.post(form, to: sts))
                XCTAssertEqual(response.status, 200, response.text)
            }
        }
    }

    func testAClustersChainHoldsOverSockets() async throws {
        let cluster = try ClusterFixture()
        try await Self.serving(cluster.kubernetes.respond) { api, http in
            for path in ["", ClusterFixture.path] {
                let configuration = try api.replacing(target: "\(path)/.well-known/openid-configuration")
                let aws = AWSEmulator(googleKeys: { JSONWebKeySet([:]) }, clock: cluster.clock)
                let provider = try OpenIDConnectProviderARN(
                    accountID: "123456789012",
                    issuer: cluster.issuer
                )
                aws.register(
                    provider,
                    clientIDs: [ClusterToken.defaultAudience],
                    keys: { try await JSONWebKeySet.discovered(at: configuration, by: http) }
                )
                let role = try RoleARN(parsing: "arn:aws:iam::123456789012:role/app")
                try aws.register(
                    role,
                    trustPolicy: TrustPolicy.cluster(provider: provider, serviceAccount: cluster.account)
                )
                let response = await aws.respond(
                    to: EmulatorFixture.post([
                        "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                        "RoleSessionName": "pod-1", "RoleArn": role.description,
                        "WebIdentityToken": try await cluster.token(audience: ClusterToken.defaultAudience),
                    ])
                )
                XCTAssertEqual(response.status, 200, response.text)
            }
        }
    }

    func testKubernetesAnswersManyAtOnce() async throws {
        let emulator = KubernetesEmulator(clock: ManualClock())
        for index in 0..<50 {
            emulator.apply(try KubernetesServiceAccountName(namespace: "default", name: "app-\(index)"))
        }
        try await Self.serving(emulator.respond) { base, http in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<100 {
                    let url = base.appending(
                        path: "api",
                        "v1",
                        "namespaces",
                        "default",
                        "serviceaccounts",
                        "app-\(index)"
                    )
                    group.addTask { try await http.send(HTTPClientRequest(url: url)).status }
                }
                var counts: [Int: Int] = [:]
                for try await status in group { counts[status, default: 0] += 1 }
                XCTAssertEqual(counts, [200: 50, 404: 50])
            }
        }
        XCTAssertEqual(emulator.journal.entries.count, 100)
    }

    private static func serving(
        _ handler: @escaping HTTPServer.Handler,
        _ body: @Sendable (HTTPURL, HTTPClient) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup(count: 1)
        defer { group.shutdown() }
        let loop = group.next()
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop], handler: handler)
        let url = try HTTPURL(scheme: .http, host: "127.0.0.1", port: try server.start())
        let running = Task { try await server.run() }
        let http = HTTPClient(loop: loop)
        do {
            try await body(url, http)
        } catch {
            running.cancel()
            throw error
        }
        http.close()
        await server.shutdown(within: .zero)
        try await running.value
    }
}

final class EmulatorJournalTests: XCTestCase {
    func testKeepsTheLatestEntriesOfABusyStandIn() async {
        let emulator = KubernetesEmulator(clock: ManualClock())
        for index in 0..<10_001 {
            _ = await emulator.respond(to: HTTPRequest(method: "GET", target: "/\(index)"))
        }
        let entries = emulator.journal.entries
        XCTAssertEqual(entries.count, 5001)
        XCTAssertEqual(entries.last?.path, "/10000")
    }
}
