import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

final class AWSEmulatorTests: XCTestCase {
    func testGivesCredentialsForATokenThatTheRoleTrusts() async throws {
        let fixture = try EmulatorFixture()
        let response = try await fixture.assumeRole()
        XCTAssertEqual(response.status, 200, response.text)
        XCTAssertEqual(response.headers["Content-Type"], "text/xml")
        XCTAssertTrue(
            response.text.hasPrefix(
                #"<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">"#
            )
        )
        let expected = [
            ("SubjectFromWebIdentityToken", "104857601234567890123"), ("Audience", "104857601234567890123"),
            ("Arn", "arn:aws:sts::123456789012:assumed-role/app-role/pod-1"),
            ("Provider", "accounts.google.com"),
            ("Expiration", (fixture.clock.now() + .seconds(3600)).rfc3339),
        ]
        for (name, text) in expected { XCTAssertEqual(EmulatorFixture.element(name, in: response), text) }
        let keyID = try XCTUnwrap(EmulatorFixture.element("AccessKeyId", in: response))
        XCTAssertTrue(keyID.hasPrefix("ASIA") && keyID.count == 20, keyID)
        XCTAssertEqual(EmulatorFixture.element("SecretAccessKey", in: response)?.count, 40)
        let roleID = try XCTUnwrap(EmulatorFixture.element("AssumedRoleId", in: response))
        XCTAssertTrue(roleID.hasPrefix("AROA") && roleID.hasSuffix(":pod-1") && roleID.count == 27, roleID)
    }

    func testAnswersAGETToo() async throws {
        let fixture = try EmulatorFixture()
        let form: HTTPForm = [
            "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
            "RoleArn": fixture.role.description,
            "RoleSessionName": "pod-1", "WebIdentityToken": try await fixture.token(),
            "DurationSeconds": "900",
        ]
        let target = "/?" + String(decoding: form.encoded, as: UTF8.self)
        let response = await fixture.aws.respond(to: HTTPRequest(method: "GET", target: target))
        XCTAssertEqual(response.status, 200, response.text)
        XCTAssertEqual(
            EmulatorFixture.element("Expiration", in: response),
            (fixture.clock.now() + .seconds(900)).rfc3339
        )
    }

    func testThePinnedPolicyRefusesAnotherAudienceThatTheGuidesOwnAccepts() async throws {
        let fixture = try EmulatorFixture()
        let guide = try RoleARN(parsing: "arn:aws:iam::123456789012:role/guide")
        try fixture.aws.register(guide, trustPolicy: TrustPolicy.subjectOnly(uniqueID: fixture.uniqueID))
        let replayed = try fixture.google.idToken(audience: "https://somebody.example.com")
        let pinned = try await fixture.assumeRole(["WebIdentityToken": replayed])
        XCTAssertEqual(pinned.status, 403)
        XCTAssertEqual(EmulatorFixture.element("Code", in: pinned), "AccessDenied")
        XCTAssertEqual(
            EmulatorFixture.element("Message", in: pinned),
            "Not authorized to perform sts:AssumeRoleWithWebIdentity"
        )
        XCTAssertEqual(
            fixture.aws.journal.entries.last?.note,
            "AssumeRoleWithWebIdentity: AccessDenied: not met: accounts.google.com:oaud"
        )
        let accepted = try await fixture.assumeRole([
            "WebIdentityToken": replayed, "RoleArn": guide.description,
        ])
        XCTAssertEqual(accepted.status, 200)
    }

    func testTellsNobodyWhetherARoleExists() async throws {
        let fixture = try EmulatorFixture()
        let response = try await fixture.assumeRole(["RoleArn": "arn:aws:iam::123456789012:role/nothing"])
        XCTAssertEqual(response.status, 403)
        XCTAssertEqual(
            EmulatorFixture.element("Message", in: response),
            "Not authorized to perform sts:AssumeRoleWithWebIdentity"
        )
    }

    func testChecksItsParameters() async throws {
        let fixture = try EmulatorFixture()
        let cases: [([String: String?], String, String)] = [
            (["Action": nil], "MissingAction", "Action"), (["Action": "Dance"], "InvalidAction", "Dance"),
            (["Version": "2010-01-01"], "NoSuchVersion", "2010-01-01"),
            (["RoleArn": nil], "ValidationError", "Value null at 'roleArn'"),
            (["RoleArn": "short"], "ValidationError", "length greater than or equal to 20"),
            (
                ["RoleArn": "arn:aws:iam::12345:user/somebody"], "ValidationError",
                "arn:aws:iam::12345:user/somebody is invalid"
            ),
            (["RoleSessionName": "a"], "ValidationError", "length greater than or equal to 2"),
            (
                ["RoleSessionName": String(repeating: "a", count: 65)], "ValidationError",
                "length less than or equal to 64"
            ),
            (["RoleSessionName": "a b"], "ValidationError", #"regular expression pattern: [\w+=,.@-]*"#),
            (["RoleSessionName": "a", "RoleArn": nil], "ValidationError", "2 validation errors detected"),
            (["DurationSeconds": "899"], "ValidationError", "value greater than or equal to 900"),
            (["DurationSeconds": "43201"], "ValidationError", "value less than or equal to 43200"),
            (["DurationSeconds": "1h"], "ValidationError", "'durationSeconds'"),
            (["DurationSeconds": "3601"], "ValidationError", "MaxSessionDuration set for this role"),
            (["WebIdentityToken": "abc"], "ValidationError", "'webIdentityToken'"),
            (
                ["WebIdentityToken": String(repeating: "a", count: 20_001)], "ValidationError",
                "'webIdentityToken'"
            ),
            (["WebIdentityToken": "abc.def.ghi"], "InvalidIdentityToken", "not a valid JWT"),
            (["Policy": "{"], "MalformedPolicyDocument", "Syntax errors"),
            (["Policy": String(repeating: " ", count: 2049)], "ValidationError", "2048"),
        ]
        for (changes, code, message) in cases {
            let response = try await fixture.assumeRole(changes)
            XCTAssertEqual(response.status, 400, "\(changes)")
            XCTAssertEqual(EmulatorFixture.element("Code", in: response), code, "\(changes)")
            XCTAssertTrue(
                EmulatorFixture.element("Message", in: response)?.contains(message) ?? false,
                response.text
            )
            XCTAssertEqual(EmulatorFixture.element("Type", in: response), "Sender")
        }
    }

    func testRefusesRequestsThatAreNoQuery() async throws {
        let fixture = try EmulatorFixture()
        var twice = HTTPForm([.init(name: "Action", value: "GetCallerIdentity")])
        twice.add("Action", "AssumeRoleWithWebIdentity")
        var json = EmulatorFixture.post(twice)
        json.headers.set("Content-Type", "application/json")
        let cases = [
            (EmulatorFixture.post(twice), "MalformedQueryString"), (json, "MalformedQueryString"),
            (HTTPRequest(method: "GET", target: "/?Action=%zz"), "MalformedQueryString"),
            (HTTPRequest(method: "GET", target: "/"), "MissingAction"),
            (HTTPRequest(method: "DELETE", target: "/"), "MethodNotAllowed"),
        ]
        for (request, code) in cases {
            let response = await fixture.aws.respond(to: request)
            XCTAssertEqual(EmulatorFixture.element("Code", in: response), code)
        }
    }

    func testVerifiesTheToken() async throws {
        let fixture = try EmulatorFixture()
        let stranger = try EmulatorFixture()
        let token = try await fixture.token()
        let parts = token.split(separator: ".").map(String.init)
        let forged = Base64URL.encode(
            Array(
                #"{"iss":"https://accounts.google.com","sub":"104857601234567890123","aud":"a","exp":9999999999,"iat":1}"#
                    .utf8
            )
        )
        func payload(_ json: String) -> String {
            [parts[0], Base64URL.encode(Array(json.utf8)), parts[2]].joined(separator: ".")
        }
        func header(_ json: String) -> String {
            [Base64URL.encode(Array(json.utf8)), parts[1], parts[2]].joined(separator: ".")
        }
        let cases = [
            ([parts[0], forged, parts[2]].joined(separator: "."), "signature is invalid"),
            (try await stranger.token(), "Couldn't retrieve verification key"),
            (header(#"{"alg":"HS256","kid":"a"}"#), "algorithm is not RS256"),
            (header(#"{"alg":"none"}"#), "algorithm is not RS256"),
            (header(#"{"alg":"RS256"}"#), "Couldn't retrieve"),
            (payload("{}"), "Missing a required claim: iss"),
            (
                payload(#"{"iss":"https://evil.example"}"#),
                "No OpenIDConnect provider found in your account for https://evil.example"
            ),
            (payload(#"{"iss":"https://accounts.google.com"}"#), "Missing a required claim: sub"),
            (payload(#"{"iss":"accounts.google.com","sub":"1"}"#), "Missing a required claim: aud"),
        ]
        for (token, message) in cases {
            let response = try await fixture.assumeRole(["WebIdentityToken": token])
            XCTAssertEqual(response.status, 400)
            XCTAssertEqual(EmulatorFixture.element("Code", in: response), "InvalidIdentityToken")
            XCTAssertTrue(response.text.contains(message), response.text)
            XCTAssertFalse(response.text.contains(parts[2]))
        }
    }

    func testRefusesATokenOutsideItsTime() async throws {
        let fixture = try EmulatorFixture()
        let token = try await fixture.token()
        fixture.clock.jump(by: .seconds(3600))
        let expired = try await fixture.assumeRole(["WebIdentityToken": token])
        XCTAssertEqual(expired.status, 400)
        XCTAssertEqual(EmulatorFixture.element("Code", in: expired), "ExpiredTokenException")
        fixture.clock.jump(by: .seconds(-3600 - 300))
        let early = try await fixture.assumeRole(["WebIdentityToken": token])
        XCTAssertEqual(early.status, 200)
        fixture.clock.jump(by: .seconds(-1))
        let tooEarly = try await fixture.assumeRole(["WebIdentityToken": token])
        XCTAssertEqual(EmulatorFixture.element("Code", in: tooEarly), "InvalidIdentityToken")
    }

    func testSaysThatTheKeysCannotBeReached() async throws {
        struct Unreachable: Error {}
        let fixture = try EmulatorFixture()
        let aws = AWSEmulator(googleKeys: { throw Unreachable() }, clock: fixture.clock)
        let form: HTTPForm = [
            "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
            "RoleArn": fixture.role.description,
            "RoleSessionName": "pod-1", "WebIdentityToken": try await fixture.token(),
        ]
        let response = await aws.respond(to: EmulatorFixture.post(form))
        XCTAssertEqual(EmulatorFixture.element("Code", in: response), "InvalidIdentityToken")
        XCTAssertTrue(response.text.contains("Couldn't retrieve verification key"))
    }

    func testFailsAsTold() async throws {
        let fixture = try EmulatorFixture()
        fixture.aws.failNext([
            AWSFailure(status: 403, code: "IDPRejectedClaim", message: "a <b> & \"c\""),
            AWSFailure(status: 503, code: "ServiceUnavailable", message: "later"),
        ])
        let first = try await fixture.assumeRole()
        XCTAssertEqual(first.status, 403)
        XCTAssertEqual(EmulatorFixture.element("Message", in: first), "a &lt;b&gt; &amp; &quot;c&quot;")
        let second = try await fixture.assumeRole()
        XCTAssertEqual(EmulatorFixture.element("Type", in: second), "Receiver")
        let third = try await fixture.assumeRole()
        XCTAssertEqual(third.status, 200)
        XCTAssertEqual(
            fixture.aws.journal.entries.map(\.note),
            [
                "AssumeRoleWithWebIdentity: IDPRejectedClaim",
                "AssumeRoleWithWebIdentity: ServiceUnavailable",
                "AssumeRoleWithWebIdentity",
            ]
        )
    }

    func testTakesItsTime() async throws {
        let fixture = try EmulatorFixture()
        fixture.aws.setDelay(.seconds(2))
        async let response = fixture.assumeRole()
        await fixture.clock.waitForSleepers()
        fixture.clock.advance(by: .seconds(2))
        let status = try await response.status
        XCTAssertEqual(status, 200)
    }

    func testRefusesATrustPolicyThatItCannotEvaluate() throws {
        let fixture = try EmulatorFixture()
        var policy = TrustPolicy.subjectOnly(uniqueID: fixture.uniqueID)
        policy.statements[0].conditions[0].operatorName = "StringSounds"
        XCTAssertThrowsError(try fixture.aws.register(fixture.role, trustPolicy: policy)) {
            XCTAssertEqual($0 as? PolicyEvaluationError, .unknownOperator("StringSounds"))
        }
    }
}
