import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// The stand-in for STS with a role that trusts an ID token and one that trusts that role, and exchanges with it.
struct CredentialStage {
    let clock = ManualClock(UnixTime(seconds: 1_795_467_580))
    let google: GoogleEmulator
    let aws: AWSEmulator
    let first: RoleARN
    let second: RoleARN

    init() throws {
        let uniqueID = try GoogleUniqueID(parsing: "104857601234567890123")
        let google = try GoogleEmulator(
            GoogleEmulatorConfiguration(
                email: GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com"),
                uniqueID: uniqueID,
                project: GoogleProjectID(parsing: "demo-project"),
                serviceAccount: KubernetesServiceAccountName(namespace: "default", name: "app")
            ),
            clock: clock
        )
        self.google = google
        aws = AWSEmulator(googleKeys: { google.keySet }, clock: clock)
        first = try RoleARN(parsing: "arn:aws:iam::123456789012:role/team/app")
        second = try RoleARN(parsing: "arn:aws:iam::210987654321:role/reader")
        try aws.register(
            first,
            trustPolicy: TrustPolicy.google(
                uniqueID: uniqueID,
                audience: TokenSourceConfiguration.defaultAudience
            ),
            maxSessionDuration: .seconds(43_200)
        )
        try aws.register(second, trustPolicy: Self.trust(in: first))
    }

    /// The policy of a role that trusts another one, asks for an external id, and lets it set tags and a source identity.
    static func trust(in role: RoleARN) -> PolicyDocument {
        PolicyDocument(statements: [
            PolicyStatement(
                effect: .allow,
                principals: .only([PolicyPrincipal(type: "AWS", id: "\(role)")]),
                actions: .only(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]),
                conditions: [PolicyCondition("StringEquals", key: "sts:ExternalId", values: ["4711"])]
            )
        ])
    }

    /// An exchange for the first role.
    func exchange(
        _ change: (inout CredentialConfiguration) -> Void = { _ in },
        token: CredentialExchange.TokenSource? = nil
    ) throws -> CredentialExchange {
        var configuration = CredentialConfiguration(
            role: first,
            sessionName: try RoleSessionName(parsing: "pod-1")
        )
        change(&configuration)
        let google = google
        let metadata: CredentialExchange.TokenSource = { () async throws(ToolError) in
            try Self.token(google)
        }
        // Not `token ?? { … }`: the compiler of Swift 6.3 crashes on such a closure in an autoclosure.
        let source = if let token { token } else { metadata }
        return CredentialExchange(
            configuration,
            sts: try sts(),
            token: source,
            clock: clock
        )
    }

    /// A chain to the second role, with what its policy asks for.
    func chain() throws -> RoleChainConfiguration {
        var chain = RoleChainConfiguration(
            role: second,
            sessionName: try RoleSessionName(parsing: "reader-1")
        )
        chain.externalID = "4711"
        return chain
    }

    func sts() throws -> STSClient {
        let aws = aws
        let endpoint = AWSEndpoint(
            .sts,
            url: try HTTPURL(parsing: "https://sts.test"),
            signingRegion: "us-east-1"
        )
        return STSClient(endpoint, clock: clock) { request throws(HTTPClientError) in
            var headers = request.headers
            headers.set("Host", request.url.hostField)
            return await aws.respond(
                to: HTTPRequest(
                    method: request.method,
                    target: request.url.target,
                    headers: headers,
                    body: request.body
                )
            )
        }
    }

    /// What STS was asked, by its action.
    var asked: [String] { aws.journal.entries.map(\.note) }

    /// An ID token as a Pod gets it.
    static func token(_ google: GoogleEmulator) throws(ToolError) -> String {
        do {
            return try google.idToken(audience: TokenSourceConfiguration.defaultAudience)
        } catch {
            throw ToolError("\(error)", exitCode: .bug)
        }
    }
}
