import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

/// What the stand-in's STS makes of what its IAM was told.
final class IAMTrustTests: XCTestCase {
    private static let accountID = IAMEmulatorFixture.accountID
    private static let audience = "gtoken"

    /// An account, an issuer that it does not know yet, and the key that it signs with.
    private struct Stage {
        let fixture = IAMEmulatorFixture()
        let key: RSAPrivateKey
        let issuer: OpenIDConnectIssuer
        let provider: OpenIDConnectProviderARN
        let account: KubernetesServiceAccountName
        let draft: IAMRoleDraft

        init(isReachable: Bool = true) throws {
            let key = try RSAPrivateKey.generate()
            self.key = key
            issuer = try OpenIDConnectIssuer(
                parsing: "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c"
            )
            provider = try OpenIDConnectProviderARN(accountID: accountID, issuer: issuer)
            account = try KubernetesServiceAccountName(namespace: "default", name: "app")
            draft = IAMRoleDraft(
                name: try RoleName(parsing: "app"),
                trustPolicy: TrustPolicy.cluster(
                    provider: provider,
                    serviceAccount: account,
                    audience: audience
                )
            )
            if isReachable { fixture.aws.register(issuer, keys: { JSONWebKeySet(["k1": key.publicKey]) }) }
        }

        /// A token of the issuer for the account.
        func token() throws -> String {
            let now = fixture.clock.now().seconds
            let header = #"{"alg":"RS256","kid":"k1","typ":"JWT"}"#
            let claims =
                #"{"iss":"\#(issuer)","sub":"\#(account.subject)","aud":["\#(audience)"],"#
                + #""iat":\#(now),"exp":\#(now + 3600)}"#
            let input = [header, claims].map { Base64URL.encode(Array($0.utf8)) }.joined(separator: ".")
            return input + "." + Base64URL.encode(try key.signSHA256(Array(input.utf8)))
        }

        /// The session's credentials, or the code of the refusal.
        func assume() async throws -> Result<AWSCredentials, AWSRefusal> {
            let aws = fixture.aws
            let sts = STSClient(AWSEndpoint(.sts, region: nil), clock: fixture.clock) {
                request throws(HTTPClientError) in await aws.respond(to: request)
            }
            let exchange = WebIdentityExchange(
                role: try draft.name.arn(partition: "aws", accountID: accountID),
                sessionName: try RoleSessionName(parsing: "pod-1"),
                token: try token()
            )
            do throws(AWSQueryError) {
                return .success(try await sts.assumeRoleWithWebIdentity(exchange).credentials)
            } catch .refused(let refusal) {
                return .failure(refusal)
            }
        }
    }

    private func check(
        _ stage: Stage,
        _ code: String?,
        _ part: String? = nil,
        line: UInt = #line
    ) async throws {
        switch try await stage.assume() {
        case .success: XCTAssertNil(code, line: line)
        case .failure(let refusal):
            XCTAssertEqual(refusal.code, code, line: line)
            if let part { XCTAssertTrue(refusal.message.contains(part), refusal.message, line: line) }
        }
    }

    func testARoleIsAssumedFromItsFirstDayToItsLast() async throws {
        let stage = try Stage()
        let iam = stage.fixture.iam
        try await check(stage, "InvalidIdentityToken", "No OpenIDConnect provider found in your account")
        try await iam.createOpenIDConnectProvider(stage.provider, clientIDs: ["another"])
        try await check(stage, "InvalidIdentityToken", "Incorrect token audience")
        try await iam.addClientID(Self.audience, to: stage.provider)
        try await check(stage, "AccessDenied")
        _ = try await iam.createRole(stage.draft)
        try await check(stage, nil)
        try await iam.updateAssumeRolePolicy(
            "app",
            TrustPolicy.subjectOnly(uniqueID: try GoogleUniqueID(parsing: "104857601234567890123"))
        )
        try await check(stage, "AccessDenied")
        try await iam.updateAssumeRolePolicy("app", stage.draft.trustPolicy)
        try await check(stage, nil)
        try await iam.removeClientID(Self.audience, from: stage.provider)
        try await check(stage, "InvalidIdentityToken", "Incorrect token audience")
        try await iam.addClientID(Self.audience, to: stage.provider)
        try await iam.deleteRole("app")
        try await check(stage, "AccessDenied")
        try await iam.deleteOpenIDConnectProvider(stage.provider)
        try await check(stage, "InvalidIdentityToken", "No OpenIDConnect provider found in your account")
    }

    func testAnIssuerThatCannotBeReachedVouchesForNobody() async throws {
        let stage = try Stage(isReachable: false)
        try await stage.fixture.iam.createOpenIDConnectProvider(stage.provider, clientIDs: [Self.audience])
        try await check(stage, "InvalidIdentityToken", "Couldn't retrieve verification key")
    }

    func testARoleIsAssumedOnlyWhenSTSHasHeardOfIt() async throws {
        let stage = try Stage()
        try await stage.fixture.iam.createOpenIDConnectProvider(stage.provider, clientIDs: [Self.audience])
        var faults = AWSFaults()
        faults.consistencyDelay = .seconds(10)
        stage.fixture.aws.setFaults(faults)
        _ = try await stage.fixture.iam.createRole(stage.draft)
        try await check(stage, "AccessDenied")
        stage.fixture.clock.advance(by: .seconds(10))
        try await check(stage, nil)
    }

    func testASessionMayChangeIAMOnlyWhereItsRoleMay() async throws {
        let stage = try Stage()
        let iam = stage.fixture.iam
        try await iam.createOpenIDConnectProvider(stage.provider, clientIDs: [Self.audience])
        _ = try await iam.createRole(stage.draft)
        let keys = try await stage.assume().get()
        let session = IAMEmulatorFixture.client(of: stage.fixture.aws, keys, stage.fixture.clock)
        let error = await awsError { _ = try await session.getRole("app") }
        XCTAssertEqual(error?.kind, .accessDenied)
        try await iam.attachRolePolicy("app", policyARN: "arn:aws:iam::aws:policy/IAMFullAccess")
        let role = try await session.getRole("app")
        XCTAssertEqual(role.arn.roleName, "app")
    }
}
