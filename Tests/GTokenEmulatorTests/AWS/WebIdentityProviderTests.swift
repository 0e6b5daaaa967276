import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

/// Tokens of an issuer that an account has made an identity provider for, such as a cluster.
final class WebIdentityProviderTests: XCTestCase {
    private static let name = "container.googleapis.com/v1/projects/p/locations/l/clusters/c"
    private static let subject = "system:serviceaccount:default:app"
    private static let arn = "arn:aws:iam::123456789012:oidc-provider/\(name)"

    func testTrustsAClustersToken() async throws {
        let account = try Account()
        let response = try await account.assumeRole()
        XCTAssertEqual(response.status, 200, response.text)
        let expected = [
            ("SubjectFromWebIdentityToken", Self.subject), ("Audience", "sts.amazonaws.com"),
            ("Provider", Self.arn), ("Arn", "arn:aws:sts::123456789012:assumed-role/app/pod-1"),
        ]
        for (name, text) in expected { XCTAssertEqual(EmulatorFixture.element(name, in: response), text) }
    }

    func testRefusesWhatTheProviderOrThePolicyDoesNotTake() async throws {
        let account = try Account()
        let cases: [(changes: [String: String], code: String, message: String)] = [
            (["aud": #""another""#], "InvalidIdentityToken", "Incorrect token audience"),
            (["aud": #"["sts.amazonaws.com", "x"]"#], "InvalidIdentityToken", "Incorrect token audience"),
            (["azp": #""another""#], "InvalidIdentityToken", "Incorrect token audience"),
            (["aud": "[]"], "InvalidIdentityToken", "Missing a required claim: aud"),
            (["sub": #""""#], "InvalidIdentityToken", "Missing a required claim: sub"),
            (["exp": "null"], "InvalidIdentityToken", "not a valid JWT"),
            (["nbf": "1795467881"], "InvalidIdentityToken", "not yet valid"),
            (["sub": #""system:serviceaccount:default:other""#], "AccessDenied", "Not authorized"),
            (
                ["iss": #""https://\#(Self.name)/""#], "InvalidIdentityToken",
                "No OpenIDConnect provider found in your account for https://\(Self.name)/"
            ),
        ]
        for (changes, code, message) in cases {
            let response = try await account.assumeRole(changes)
            XCTAssertEqual(EmulatorFixture.element("Code", in: response), code, "\(changes)")
            XCTAssertTrue(response.text.contains(message), response.text)
        }
        let listed = try await account.assumeRole(["aud": #"["sts.amazonaws.com"]"#])
        XCTAssertEqual(listed.status, 200)
    }

    func testAProviderIsItsAccountsAlone() async throws {
        let account = try Account()
        let elsewhere = try RoleARN(parsing: "arn:aws:iam::999999999999:role/app")
        try account.aws.register(elsewhere, trustPolicy: Account.policy)
        let response = try await account.assumeRole(role: elsewhere)
        XCTAssertTrue(
            response.text.contains("No OpenIDConnect provider found in your account"),
            response.text
        )
    }

    func testAClustersTokenIsNotGoogles() async throws {
        let account = try Account()
        let google = try RoleARN(parsing: "arn:aws:iam::123456789012:role/google")
        let uniqueID = try GoogleUniqueID(parsing: "104857601234567890123")
        try account.aws.register(google, trustPolicy: TrustPolicy.subjectOnly(uniqueID: uniqueID))
        let response = try await account.assumeRole(["sub": "\"\(uniqueID)\""], role: google)
        XCTAssertEqual(EmulatorFixture.element("Code", in: response), "AccessDenied")
        let signedByCluster = try await account.assumeRole(
            ["sub": "\"\(uniqueID)\"", "iss": #""https://accounts.google.com""#],
            role: google
        )
        XCTAssertEqual(EmulatorFixture.element("Code", in: signedByCluster), "InvalidIdentityToken")
    }

    func testReplacesAProviderOfTheSameName() async throws {
        let account = try Account()
        try account.register(RSAPrivateKey.generate(), clientIDs: ["sts.amazonaws.com"])
        let response = try await account.assumeRole()
        XCTAssertEqual(EmulatorFixture.element("Code", in: response), "InvalidIdentityToken")
        XCTAssertTrue(response.text.contains("signature is invalid"), response.text)
    }

    /// An account of AWS that knows Google and a cluster.
    private struct Account {
        static let policy = PolicyDocument(statements: [
            PolicyStatement(
                effect: .allow,
                principals: .only([.federated(arn)]),
                actions: .only([TrustPolicy.action]),
                conditions: [
                    PolicyCondition("StringEquals", key: "\(name):sub", values: [subject]),
                    PolicyCondition("StringEquals", key: "\(name):aud", values: ["sts.amazonaws.com"]),
                    PolicyCondition("Null", key: "\(name):oaud", values: ["true"]),
                    PolicyCondition("StringLike", key: "sts:RoleSessionName", values: ["pod-*"]),
                ]
            )
        ])

        let clock = ManualClock(UnixTime(seconds: 1_795_467_580))
        let aws: AWSEmulator
        private let key: RSAPrivateKey
        private let role: RoleARN

        init() throws {
            key = try RSAPrivateKey.generate()
            role = try RoleARN(parsing: "arn:aws:iam::123456789012:role/app")
            aws = AWSEmulator(googleKeys: { JSONWebKeySet([:]) }, clock: clock)
            try register(key, clientIDs: ["sts.amazonaws.com", "unused"])
            try aws.register(role, trustPolicy: Self.policy)
        }

        func register(_ key: RSAPrivateKey, clientIDs: [String]) throws {
            aws.register(
                try OpenIDConnectProviderARN(parsing: arn),
                clientIDs: clientIDs,
                keys: { JSONWebKeySet(["k1": key.publicKey]) }
            )
        }

        /// Asks for a role with a token whose claims, in JSON, are changed.
        func assumeRole(
            _ changes: [String: String] = [:],
            role: RoleARN? = nil
        ) async throws -> HTTPResponse {
            let claims = [
                "iss": "\"https://\(name)\"", "sub": "\"\(subject)\"", "aud": "\"sts.amazonaws.com\"",
                "iat": "1795467580", "exp": "1795471180",
            ].merging(changes) { $1 }
            let payload = "{" + claims.map { "\"\($0)\": \($1)" }.joined(separator: ",") + "}"
            let input = [#"{"alg":"RS256","kid":"k1"}"#, payload]
                .map { Base64URL.encode(Array($0.utf8)) }
                .joined(separator: ".")
            let signature = Base64URL.encode(try key.signSHA256(Array(input.utf8)))
            let form: HTTPForm = [
                "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                "RoleArn": (role ?? self.role).description, "RoleSessionName": "pod-1",
                "WebIdentityToken": "\(input).\(signature)",
            ]
            return await aws.respond(to: EmulatorFixture.post(form))
        }
    }
}
