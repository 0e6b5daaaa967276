import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// STS on loopback beside a metadata server, with a role that trusts its tokens and one that trusts that role.
final class TokenService {
    static let role = "arn:aws:iam::123456789012:role/team/app"
    static let secondRole = "arn:aws:iam::210987654321:role/reader"

    let aws: AWSEmulator
    let metadata: MetadataServer
    let port: UInt16
    let loop: EventLoop
    private let group: EventLoopGroup
    private let serving: Task<Void, any Error>

    init(tokenLifetime: Duration = .seconds(3600)) throws {
        let metadata = try MetadataServer {
            $0.tokenLifetime = tokenLifetime
            $0.cachesUntilLeft = min($0.cachesUntilLeft, tokenLifetime / 2)
        }
        let google = metadata.google
        group = try EventLoopGroup(count: 1)
        loop = group.next()
        let aws = AWSEmulator(googleKeys: { google.keySet }, clock: LoopClock(loop))
        try aws.register(
            RoleARN(parsing: Self.role),
            trustPolicy: TrustPolicy.google(
                uniqueID: google.configuration.uniqueID,
                audience: TokenSourceConfiguration.defaultAudience
            )
        )
        let trust = PolicyStatement(
            effect: .allow,
            principals: .only([PolicyPrincipal(type: "AWS", id: Self.role)]),
            actions: .only(["sts:AssumeRole", "sts:TagSession"]),
            conditions: [PolicyCondition("StringEquals", key: "aws:RequestTag/team", values: ["reports"])]
        )
        try aws.register(
            RoleARN(parsing: Self.secondRole),
            trustPolicy: PolicyDocument(statements: [trust])
        )
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { await aws.respond(to: $0) }
        port = try server.start()
        serving = Task(executorPreference: loop) { try await server.run() }
        (self.aws, self.metadata) = (aws, metadata)
    }

    /// What leads gtoken to both.
    var environment: [String: String] {
        [
            "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:\(port)", "AWS_ROLE_ARN": Self.role,
            "GCE_METADATA_HOST": "127.0.0.1:\(metadata.port)",
        ]
    }

    /// How often an ID token was exchanged.
    var exchanges: Int { aws.journal.entries.count { $0.note == "AssumeRoleWithWebIdentity" } }

    /// Makes new credentials last this long.
    func limitSessions(to life: Duration?) {
        var faults = AWSFaults()
        faults.longestSession = life
        aws.setFaults(faults)
    }

    /// Asks for something on loopback.
    func get(
        _ url: String,
        method: String = "GET",
        _ fields: [String: String] = [:]
    ) async throws -> HTTPResponse {
        let loop = loop
        let client = HTTPClient(loop: loop)
        defer { client.close() }
        var headers = HTTPHeaders()
        for (name, value) in fields { headers.add(name, value) }
        return try await client.send(
            HTTPClientRequest(method: method, url: HTTPURL(parsing: url), headers: headers)
        )
    }

    /// Ends everything.
    func stop() async {
        serving.cancel()
        _ = await serving.result
        await metadata.stop()
        group.shutdown()
    }
}

/// Runs a body beside the service, and ends the service whatever came of it.
func withTokenService(
    tokenLifetime: Duration = .seconds(3600),
    _ body: (TokenService) async throws -> Void
) async throws {
    let service = try TokenService(tokenLifetime: tokenLifetime)
    do {
        try await body(service)
    } catch {
        await service.stop()
        throw error
    }
    await service.stop()
}
