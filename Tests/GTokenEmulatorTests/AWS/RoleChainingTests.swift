import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

/// AssumeRole by the session of another role.
final class RoleChainingTests: XCTestCase {
    private static let second = "arn:aws:iam::210987654321:role/reader"

    private static func statement(
        _ principal: PolicyPrincipal,
        _ conditions: [PolicyCondition] = [],
        actions: [String] = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        effect: PolicyEffect = .allow
    ) -> PolicyStatement {
        PolicyStatement(
            effect: effect,
            principals: .only([principal]),
            actions: .only(actions),
            conditions: conditions
        )
    }

    private static func aws(_ id: String) -> PolicyPrincipal { PolicyPrincipal(type: "AWS", id: id) }

    /// The first role's credentials, and a second role with this policy.
    private func fixture(
        _ statements: [PolicyStatement],
        maxSessionDuration: Duration = .seconds(7200)
    ) async throws -> (EmulatorFixture, AWSCredentials) {
        let fixture = try EmulatorFixture()
        try fixture.aws.register(
            RoleARN(parsing: Self.second),
            trustPolicy: PolicyDocument(statements: statements),
            maxSessionDuration: maxSessionDuration
        )
        return (fixture, try Self.credentials(in: await fixture.assumeRole()))
    }

    private static func credentials(in response: HTTPResponse) throws -> AWSCredentials {
        AWSCredentials(
            accessKeyID: try XCTUnwrap(EmulatorFixture.element("AccessKeyId", in: response), response.text),
            secretAccessKey: try XCTUnwrap(EmulatorFixture.element("SecretAccessKey", in: response)),
            sessionToken: EmulatorFixture.element("SessionToken", in: response)
        )
    }

    private func assumeRole(
        _ fixture: EmulatorFixture,
        _ credentials: AWSCredentials,
        _ changes: [(String, String)] = []
    ) async -> HTTPResponse {
        var form: HTTPForm = [
            "Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": Self.second,
            "RoleSessionName": "reader-1",
        ]
        for (name, value) in changes { form[name] = value }
        var request = EmulatorFixture.post(form)
        var parts = SigV4Request(
            method: request.method,
            path: request.path,
            headers: request.headers.map { ($0.name, $0.value) },
            body: request.body
        )
        SigV4(sha256: Crypto.sha256, hmacSHA256: { Crypto.hmacSHA256(key: $0, $1) })
            .sign(&parts, with: credentials, region: "us-east-1", service: "sts", at: fixture.clock.now())
        request.headers = HTTPHeaders()
        for (name, value) in parts.headers { request.headers.add(name, value) }
        return await fixture.aws.respond(to: request)
    }

    func testTheSessionOfATrustedRoleBecomesTheOtherRole() async throws {
        let names = [
            "arn:aws:iam::123456789012:role/team/app-role",
            "arn:aws:sts::123456789012:assumed-role/app-role/pod-1", "arn:aws:iam::123456789012:root",
            "123456789012", "*",
        ]
        for name in names {
            let (fixture, credentials) = try await fixture([Self.statement(Self.aws(name))])
            let response = await assumeRole(fixture, credentials)
            XCTAssertEqual(response.status, 200, response.text)
            XCTAssertEqual(
                EmulatorFixture.element("Arn", in: response),
                "arn:aws:sts::210987654321:assumed-role/reader/reader-1"
            )
            XCTAssertNil(EmulatorFixture.element("SubjectFromWebIdentityToken", in: response))
        }
    }

    func testOthersDoNot() async throws {
        let policies: [[PolicyStatement]] = [
            [Self.statement(Self.aws("arn:aws:iam::123456789012:role/app-role"))],
            [Self.statement(Self.aws("arn:aws:iam::210987654321:root"))],
            [Self.statement(.federated("accounts.google.com"))],
            [
                Self.statement(Self.aws("123456789012")),
                Self.statement(Self.aws("arn:aws:iam::123456789012:root"), effect: .deny),
            ],
        ]
        for policy in policies {
            let (fixture, credentials) = try await fixture(policy)
            let response = await assumeRole(fixture, credentials)
            XCTAssertEqual(response.status, 403)
            XCTAssertEqual(
                EmulatorFixture.element("Message", in: response),
                "User: arn:aws:sts::123456789012:assumed-role/app-role/pod-1 is not authorized to perform: "
                    + "sts:AssumeRole on resource: \(Self.second)"
            )
        }
        let (fixture, credentials) = try await fixture([Self.statement(Self.aws("123456789012"))])
        var forged = credentials
        forged.secretAccessKey = "forged"
        let response = await assumeRole(fixture, forged)
        XCTAssertEqual(EmulatorFixture.element("Code", in: response), "SignatureDoesNotMatch")
        let missing = await assumeRole(fixture, credentials, [("RoleArn", Self.second + "s")])
        XCTAssertEqual(EmulatorFixture.element("Code", in: missing), "AccessDenied")
    }

    func testConditionsSeeWhatTheSessionCarries() async throws {
        let all: [(String, String)] = [
            ("ExternalId", "4711"), ("SourceIdentity", "alice"), ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "reports"),
        ]
        let conditions = [
            PolicyCondition("StringEquals", key: "sts:ExternalId", values: ["4711"]),
            PolicyCondition("StringEquals", key: "sts:SourceIdentity", values: ["alice"]),
            PolicyCondition("StringEquals", key: "aws:RequestTag/team", values: ["reports"]),
            PolicyCondition("ForAllValues:StringEquals", key: "aws:TagKeys", values: ["team"]),
            PolicyCondition("StringLike", key: "aws:PrincipalArn", values: ["arn:aws:iam::*:role/team/*"]),
            PolicyCondition("StringEquals", key: "sts:RoleSessionName", values: ["reader-1"]),
        ]
        let (fixture, credentials) = try await fixture([
            Self.statement(Self.aws("123456789012"), conditions)
        ])
        let good = await assumeRole(fixture, credentials, all)
        XCTAssertEqual(good.status, 200, good.text)
        XCTAssertEqual(EmulatorFixture.element("SourceIdentity", in: good), "alice")
        let bad: [[(String, String)]] = [
            Array(all.dropFirst()), [all[0]] + all.dropFirst(2), Array(all.prefix(2)),
            all + [("ExternalId", "4712")], all + [("Tags.member.1.Value", "other")],
            all + [("Tags.member.2.Key", "stage"), ("Tags.member.2.Value", "live")],
            all + [("RoleSessionName", "reader-2")],
        ]
        for changes in bad {
            let response = await assumeRole(fixture, credentials, changes)
            XCTAssertEqual(response.status, 403, "\(changes)")
        }
    }

    func testTagsAndASourceIdentityNeedAnActionEach() async throws {
        let (fixture, credentials) = try await fixture([
            Self.statement(Self.aws("123456789012"), actions: ["sts:AssumeRole"])
        ])
        let cases: [([(String, String)], String)] = [
            ([("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")], "sts:TagSession"),
            ([("SourceIdentity", "alice")], "sts:SetSourceIdentity"),
        ]
        for (changes, action) in cases {
            let response = await assumeRole(fixture, credentials, changes)
            XCTAssertTrue(response.text.contains("perform: \(action) on"), response.text)
        }
    }

    func testASourceIdentityStays() async throws {
        let (fixture, credentials) = try await fixture([Self.statement(Self.aws("*"))])
        let alice = try Self.credentials(
            in: await assumeRole(fixture, credentials, [("SourceIdentity", "alice")])
        )
        let still = await assumeRole(fixture, alice)
        XCTAssertEqual(EmulatorFixture.element("SourceIdentity", in: still), "alice")
        let other = await assumeRole(fixture, alice, [("SourceIdentity", "mallory")])
        XCTAssertEqual(EmulatorFixture.element("Code", in: other), "AccessDenied")
    }

    func testAChainedSessionLastsAnHourAtMost() async throws {
        let (fixture, credentials) = try await fixture([Self.statement(Self.aws("123456789012"))])
        let hour = await assumeRole(fixture, credentials, [("DurationSeconds", "3600")])
        XCTAssertEqual(hour.status, 200, hour.text)
        let more = await assumeRole(fixture, credentials, [("DurationSeconds", "3601")])
        XCTAssertEqual(
            EmulatorFixture.element("Message", in: more),
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        )
    }

    func testRefusesWhatSTSWouldNotTake() async throws {
        let (fixture, credentials) = try await fixture([Self.statement(Self.aws("123456789012"))])
        func tags(_ count: Int) -> [(String, String)] {
            (1...count).flatMap { [("Tags.member.\($0).Key", "k\($0)"), ("Tags.member.\($0).Value", "v")] }
        }
        let cases: [([(String, String)], String)] = [
            (tags(51), "Value at 'tags' failed to satisfy constraint"),
            ([("Tags.member.1.Key", "aws:x"), ("Tags.member.1.Value", "b")], "key aws:x is invalid"),
            ([("Tags.member.1.Key", "a")], "must have a key and a value"),
            (
                [
                    ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "1"), ("Tags.member.2.Key", "A"),
                    ("Tags.member.2.Value", "2"),
                ], "Duplicate tag keys found"
            ),
            ([("SourceIdentity", "a")], "'sourceIdentity' failed to satisfy constraint"),
            ([("ExternalId", "a")], "'externalId' failed to satisfy constraint"),
            ([("RoleSessionName", "no space")], "'roleSessionName' failed to satisfy constraint"),
            ([("DurationSeconds", "899")], "'durationSeconds' failed to satisfy constraint"),
            ([("PolicyArns.member.1.arn", "arn:aws:iam::123456789012:policy/Theirs")], "is invalid"),
            ([("PolicyArns.member.1.arn", "ReadOnly")], "ReadOnly is invalid"),
            (
                (1...11).map { ("PolicyArns.member.\($0).arn", "arn:aws:iam::aws:policy/P\($0)") },
                "Value at 'policyArns' failed to satisfy constraint"
            ),
            ([("Policy", "{")], "Syntax errors in policy."),
        ]
        for (changes, message) in cases {
            let response = await assumeRole(fixture, credentials, changes)
            XCTAssertEqual(response.status, 400, "\(changes)")
            XCTAssertTrue(response.text.contains(message), response.text)
        }
        let fine = await assumeRole(
            fixture,
            credentials,
            tags(50) + [
                ("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
                ("PolicyArns.member.2.arn", "arn:aws:iam::210987654321:policy/Ours"),
            ]
        )
        XCTAssertEqual(fine.status, 200, fine.text)
    }
}
