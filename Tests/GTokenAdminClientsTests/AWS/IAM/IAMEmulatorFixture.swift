import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport

/// The stand-in for AWS without a network, its administrator, and clients of that administrator.
struct IAMEmulatorFixture {
    static let accountID = "123456789012"

    let clock = ManualClock(UnixTime(seconds: 1_795_467_580))
    let aws: AWSEmulator
    let administrator: AWSCredentials
    let iam: IAMClient

    init(limits: AWSQueryClient.Limits = AWSQueryClient.Limits()) {
        let clock = clock
        clock.letSleepsPass(for: .seconds(7200))
        let aws = AWSEmulator(googleKeys: { JSONWebKeySet([:]) }, clock: clock)
        administrator = AWSCredentials(
            accessKeyID: "AKIAADMINISTRATOR",
            secretAccessKey: Base64.encode(Crypto.randomBytes(30))
        )
        aws.register(
            administrator: "arn:aws:iam::\(Self.accountID):user/admin",
            accountID: Self.accountID,
            keys: administrator
        )
        self.aws = aws
        iam = Self.client(of: aws, administrator, clock, limits: limits)
    }

    /// A client whose requests the stand-in answers.
    static func client(
        of aws: AWSEmulator,
        _ credentials: AWSCredentials,
        _ clock: any Clock,
        limits: AWSQueryClient.Limits = AWSQueryClient.Limits()
    ) -> IAMClient {
        IAMClient(
            AWSQueryClient(
                endpoint: AWSEndpoint(.iam, region: nil),
                credentials: CachedAWSCredentials(credentials, clock: clock),
                limits: limits,
                clock: clock
            ) { request throws(HTTPClientError) in await aws.respond(to: request) }
        )
    }

    /// A role's draft.
    static func draft(_ name: String = "team/app", tags: [String: String] = [:]) throws -> IAMRoleDraft {
        IAMRoleDraft(
            name: try RoleName(parsing: name),
            trustPolicy: TrustPolicy.google(
                uniqueID: try GoogleUniqueID(parsing: "104857601234567890123"),
                audience: "gtoken"
            ),
            tags: tags
        )
    }
}

extension AWSEmulator {
    /// Answers a client's request as a server would.
    func respond(to request: HTTPClientRequest) async -> HTTPResponse {
        var headers = request.headers
        headers.set("Host", request.url.hostField)
        return await respond(
            to: HTTPRequest(
                method: request.method,
                target: request.url.target,
                headers: headers,
                body: request.body
            )
        )
    }
}
