import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

/// A cluster's tokens at STS: TokenRequest, provider in IAM and trust policy, one behind the other.
final class ClusterTokenExchangeTests: XCTestCase {
    func testAServiceAccountsTokenIsWorthItsRole() async throws {
        let account = try Account()
        let response = try await account.assumeRole(
            token: account.cluster.token(audience: "sts.amazonaws.com")
        )
        XCTAssertEqual(response.status, 200, response.text)
        let expected = [
            ("SubjectFromWebIdentityToken", "system:serviceaccount:reports:app"),
            ("Audience", "sts.amazonaws.com"), ("Provider", account.provider.description),
            ("Arn", "arn:aws:sts::123456789012:assumed-role/app/app-1"),
        ]
        for (name, text) in expected { XCTAssertEqual(EmulatorFixture.element(name, in: response), text) }
    }

    func testAnAudienceOfItsOwnWorksWhereProviderAndPolicyBothHaveIt() async throws {
        let account = try Account()
        let token = try await account.cluster.token(audience: "aws-reports")
        let unknown = try await account.assumeRole(token: token)
        XCTAssertTrue(unknown.text.contains("Incorrect token audience"), unknown.text)
        account.register(clientIDs: ["aws-reports", "sts.amazonaws.com"])
        let untrusted = try await account.assumeRole(token: token)
        XCTAssertEqual(EmulatorFixture.element("Code", in: untrusted), "AccessDenied")
        try account.trust("app", audience: "aws-reports")
        let trusted = try await account.assumeRole(token: token)
        XCTAssertEqual(trusted.status, 200, trusted.text)
    }

    func testRefusesEveryOtherToken() async throws {
        let account = try Account()
        let foreign = try ClusterFixture()
        let audience = "sts.amazonaws.com"
        let (first, second) = (
            try await account.cluster.token(audience: audience),
            try await account.cluster.token(audience: audience)
        )
        let mixed =
            first.prefix(upTo: try XCTUnwrap(first.lastIndex(of: "."))).description
            + second.suffix(from: try XCTUnwrap(second.lastIndex(of: ".")))
        let cases: [(what: String, token: String, code: String, message: String)] = [
            (
                "the API server's", try await account.cluster.token(audience: nil), "InvalidIdentityToken",
                "Incorrect token audience"
            ),
            (
                "another audience's", try await account.cluster.token(audience: "vault"),
                "InvalidIdentityToken", "Incorrect token audience"
            ),
            (
                "another ServiceAccount's",
                try await account.cluster.token(audience: audience, account: "other"), "AccessDenied",
                "Not authorized to perform sts:AssumeRoleWithWebIdentity"
            ),
            (
                "that of a cluster which calls itself the same", try await foreign.token(audience: audience),
                "InvalidIdentityToken", "Couldn't retrieve verification key"
            ),
            ("one with another's signature", mixed, "InvalidIdentityToken", "signature is invalid"),
        ]
        for (what, token, code, message) in cases {
            let response = try await account.assumeRole(token: token)
            XCTAssertEqual(EmulatorFixture.element("Code", in: response), code, what)
            XCTAssertTrue(response.text.contains(message), "\(what): \(response.text)")
            XCTAssertFalse(response.text.contains("eyJ"), what)
        }
    }

    func testRefusesATokenThatHasExpired() async throws {
        let account = try Account()
        let token = try await account.cluster.token(audience: "sts.amazonaws.com", expirationSeconds: 600)
        account.cluster.clock.advance(by: .seconds(599))
        let last = try await account.assumeRole(token: token)
        XCTAssertEqual(last.status, 200)
        account.cluster.clock.advance(by: .seconds(1))
        let response = try await account.assumeRole(token: token)
        XCTAssertEqual(EmulatorFixture.element("Code", in: response), "ExpiredTokenException")
    }

    func testAClusterThatNoProviderIsForIsUnknown() async throws {
        let account = try Account(issuer: "https://issuer.example.com")
        let response = try await account.assumeRole(
            token: account.cluster.token(audience: "sts.amazonaws.com")
        )
        XCTAssertEqual(EmulatorFixture.element("Code", in: response), "InvalidIdentityToken")
        XCTAssertTrue(
            response.text.contains(
                "No OpenIDConnect provider found in your account for \(account.cluster.issuer)"
            ),
            response.text
        )
    }

    func testTheProviderOfAnotherAccountIsOfNoUse() async throws {
        let account = try Account()
        let elsewhere = try RoleARN(parsing: "arn:aws:iam::999999999999:role/app")
        // The policy itself would trust it: it names the other account's provider.
        try account.aws.register(elsewhere, trustPolicy: account.policy(for: "app"))
        let token = try await account.cluster.token(audience: "sts.amazonaws.com")
        let response = try await account.assumeRole(token: token, role: elsewhere)
        XCTAssertTrue(
            response.text.contains("No OpenIDConnect provider found in your account"),
            response.text
        )
        let accepted = try await account.assumeRole(token: token)
        XCTAssertEqual(accepted.status, 200)
    }

    /// An account of AWS with a provider for a cluster's issuer and a role that trusts one of its ServiceAccounts.
    private struct Account {
        let cluster: ClusterFixture
        let aws: AWSEmulator
        let provider: OpenIDConnectProviderARN
        let role: RoleARN

        init(issuer: String? = nil) throws {
            cluster = try ClusterFixture()
            aws = AWSEmulator(googleKeys: { JSONWebKeySet([:]) }, clock: cluster.clock)
            provider = try OpenIDConnectProviderARN(
                accountID: "123456789012",
                issuer: issuer.map(OpenIDConnectIssuer.init(parsing:)) ?? cluster.issuer
            )
            role = try RoleARN(parsing: "arn:aws:iam::123456789012:role/app")
            register(clientIDs: [ClusterToken.defaultAudience])
            try trust("app")
        }

        func register(clientIDs: [String]) {
            let kubernetes = cluster.kubernetes
            aws.register(
                provider,
                clientIDs: clientIDs,
                keys: { kubernetes.issuer?.keySet ?? JSONWebKeySet([:]) }
            )
        }

        func trust(_ name: String, audience: String = ClusterToken.defaultAudience) throws {
            try aws.register(role, trustPolicy: policy(for: name, audience: audience))
        }

        func policy(
            for name: String,
            audience: String = ClusterToken.defaultAudience
        ) throws -> PolicyDocument {
            TrustPolicy.cluster(
                provider: provider,
                serviceAccount: try KubernetesServiceAccountName(namespace: "reports", name: name),
                audience: audience
            )
        }

        func assumeRole(token: String, role: RoleARN? = nil) async throws -> HTTPResponse {
            let form: HTTPForm = [
                "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                "RoleArn": "\(role ?? self.role)", "RoleSessionName": "app-1", "WebIdentityToken": token,
            ]
            return await aws.respond(to: EmulatorFixture.post(form))
        }
    }
}
