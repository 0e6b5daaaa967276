import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

final class GoogleEmulatorTests: XCTestCase {
    func testGivesTheMetadataOfAPod() async throws {
        let fixture = try EmulatorFixture()
        let cases = [
            ("project/project-id", "demo-project"), ("project/numeric-project-id", "123456789012"),
            ("instance/attributes/cluster-name", "demo-cluster"),
            ("instance/attributes/cluster-location", "europe-west1"),
            ("instance/service-accounts/", "default/\napp@demo-project.iam.gserviceaccount.com/\n"),
            ("instance/service-accounts/default/email", "app@demo-project.iam.gserviceaccount.com"),
            (
                "instance/service-accounts/app@demo-project.iam.gserviceaccount.com/email",
                "app@demo-project.iam.gserviceaccount.com"
            ),
        ]
        for (path, text) in cases {
            let response = await fixture.metadata(path)
            XCTAssertEqual(response.status, 200, path)
            XCTAssertEqual(response.text, text, path)
            XCTAssertEqual(response.headers["Metadata-Flavor"], "Google")
            XCTAssertEqual(response.headers["Server"], "GKE Metadata Server")
            XCTAssertEqual(response.headers["Content-Type"], "application/text")
        }
    }

    func testIssuesTokensAsAPodGetsThem() async throws {
        let fixture = try EmulatorFixture()
        let token = try UnverifiedJWT(parsing: try await fixture.token())
        XCTAssertEqual(token.header.algorithm, "RS256")
        XCTAssertEqual(token.claims.issuer, "https://accounts.google.com")
        XCTAssertEqual(token.claims.subject, "104857601234567890123")
        XCTAssertEqual(token.claims.authorizedParty, "104857601234567890123")
        XCTAssertEqual(token.claims.audience, [EmulatorFixture.audience])
        XCTAssertEqual(token.claims.email, "app@demo-project.iam.gserviceaccount.com")
        XCTAssertEqual(token.claims.emailVerified, true)
        XCTAssertEqual(token.claims.issuedAt, fixture.clock.now())
        XCTAssertEqual(token.lifetime, .seconds(3600))
        let key = try XCTUnwrap(token.header.keyID.flatMap { fixture.google.keySet.keys[$0] })
        XCTAssertTrue(key.isValidSHA256Signature(token.signature, for: token.signingInput))
        XCTAssertFalse(key.isValidSHA256Signature(token.signature, for: token.signingInput + [0]))
    }

    func testHandsOutTheSameTokenUntilItsLastMinutes() async throws {
        let fixture = try EmulatorFixture()
        let first = try await fixture.token()
        let other = try await fixture.token(audience: "another")
        XCTAssertNotEqual(first, other)
        fixture.clock.advance(by: .seconds(3299))
        let second = try await fixture.token()
        XCTAssertEqual(first, second)
        fixture.clock.advance(by: .seconds(1))
        let third = try await fixture.token()
        XCTAssertNotEqual(first, third)
    }

    func testCanHandOutADyingToken() async throws {
        var behaviour = GoogleBehaviour()
        behaviour.tokenAge = .seconds(3590)
        behaviour.cachesUntilLeft = .zero
        let fixture = try EmulatorFixture(behaviour: behaviour)
        let first = try await fixture.token()
        XCTAssertEqual(try UnverifiedJWT(parsing: first).timeLeft(at: fixture.clock.now()), .seconds(10))
        fixture.google.change { $0.tokenAge = .zero }
        fixture.clock.advance(by: .seconds(9))
        let second = try await fixture.token()
        XCTAssertEqual(first, second)
        fixture.clock.advance(by: .seconds(1))
        let third = try await fixture.token()
        XCTAssertEqual(try UnverifiedJWT(parsing: third).timeLeft(at: fixture.clock.now()), .seconds(3600))
    }

    func testSaysThatNoServiceAccountIsAnnotated() async throws {
        var behaviour = GoogleBehaviour()
        behaviour.isAnnotated = false
        let fixture = try EmulatorFixture(behaviour: behaviour)
        let identity = await fixture.metadata("instance/service-accounts/default/identity?audience=a")
        XCTAssertEqual(identity.status, 404)
        XCTAssertFalse(identity.headers.contains("Metadata-Flavor"))
        XCTAssertTrue(
            identity.text.hasPrefix(
                "Your Kubernetes service account (default/app) is not annotated with a target Google service account"
            )
        )
        let email = await fixture.metadata("instance/service-accounts/default/email")
        XCTAssertEqual(email.text, "demo-project.svc.id.goog")
    }

    func testRefusesRequestsThatAMetadataServerRefuses() async throws {
        let fixture = try EmulatorFixture()
        let identity = "instance/service-accounts/default/identity"
        let flavor: HTTPHeaders = ["Metadata-Flavor": "Google"]
        let forwarded: HTTPHeaders = ["Metadata-Flavor": "Google", "X-Forwarded-For": "10.0.0.1"]
        let cases: [(String, HTTPHeaders, Int)] = [
            (identity, flavor, 400), ("\(identity)?audience=", flavor, 400),
            ("\(identity)?audience=a", [:], 403),
            ("\(identity)?audience=a", ["Metadata-Flavor": "Amazon"], 403),
            ("\(identity)?audience=a", forwarded, 403),
            ("instance/service-accounts/other/identity?audience=a", flavor, 404),
            ("instance/nothing", flavor, 404), ("", flavor, 404),
            ("instance/service-accounts/default/x/y", flavor, 404),
        ]
        for (path, headers, status) in cases {
            let response = await fixture.metadata(path, headers: headers)
            XCTAssertEqual(response.status, status, path)
            XCTAssertFalse(response.headers.contains("Metadata-Flavor"))
        }
        let missing = await fixture.metadata(identity)
        XCTAssertEqual(missing.text, "non-empty audience parameter required\n")
        let post = await fixture.google.respond(
            to: HTTPRequest(
                method: "POST",
                target: "/computeMetadata/v1/\(identity)?audience=a",
                headers: flavor
            )
        )
        XCTAssertEqual(post.status, 405)
    }

    func testIsNotReadyAtFirstWhenToldSo() async throws {
        var behaviour = GoogleBehaviour()
        behaviour.requestsUntilReady = 2
        let fixture = try EmulatorFixture(behaviour: behaviour)
        var statuses: [Int] = []
        for _ in 0..<3 { statuses.append(await fixture.metadata("project/project-id").status) }
        XCTAssertEqual(statuses, [503, 503, 200])
    }

    func testGivesScriptedAnswersOnce() async throws {
        let fixture = try EmulatorFixture()
        fixture.google.change {
            $0.script = [
                ScriptedAnswer(pathSuffix: "/identity", .text("no", status: 403)),
                ScriptedAnswer(.text("any", status: 500)),
            ]
        }
        let email = await fixture.metadata("instance/service-accounts/default/email")
        let identity = await fixture.metadata("instance/service-accounts/default/identity?audience=a")
        let again = await fixture.metadata("instance/service-accounts/default/identity?audience=a")
        XCTAssertEqual([email.status, identity.status, again.status], [500, 403, 200])
    }

    func testTakesItsTime() async throws {
        var behaviour = GoogleBehaviour()
        behaviour.delay = .seconds(5)
        let fixture = try EmulatorFixture(behaviour: behaviour)
        async let response = fixture.metadata("project/project-id")
        await fixture.clock.waitForSleepers()
        XCTAssertEqual(fixture.google.journal.entries, [])
        fixture.clock.advance(by: .seconds(5))
        let status = await response.status
        XCTAssertEqual(status, 200)
    }

    func testAnswersDiscoveryAndKeys() async throws {
        let fixture = try EmulatorFixture()
        let discovery = await fixture.google.respond(
            to: HTTPRequest(
                method: "GET",
                target: "/.well-known/openid-configuration",
                headers: ["Host": "127.0.0.1:1234"]
            )
        )
        let document = try JSONDocument(discovery.body).root
        XCTAssertEqual(document["issuer"]?.string(), "https://accounts.google.com")
        XCTAssertEqual(document["jwks_uri"]?.string(), "http://127.0.0.1:1234/oauth2/v3/certs")
        let keys = await fixture.google.respond(to: HTTPRequest(method: "GET", target: "/oauth2/v3/certs"))
        XCTAssertEqual(try JSONWebKeySet(parsing: keys.body), fixture.google.keySet)
        XCTAssertEqual(fixture.google.keySet.keys.count, 1)
        XCTAssertEqual(fixture.google.keySet.keys.keys.first?.count, 40)
    }

    func testGeneratesIDTokensForTheAccountsAccessToken() async throws {
        let fixture = try EmulatorFixture()
        let access = await fixture.metadata("instance/service-accounts/default/token")
        let token = try XCTUnwrap(try JSONDocument(access.body).root["access_token"]?.string())
        func generate(_ account: String, _ token: String, _ body: String) async -> HTTPResponse {
            await fixture.google.respond(
                to: HTTPRequest(
                    method: "POST",
                    target: "/v1/projects/-/serviceAccounts/\(account):generateIdToken",
                    headers: ["Authorization": "Bearer \(token)"],
                    body: Array(body.utf8)
                )
            )
        }
        let email = "app@demo-project.iam.gserviceaccount.com"
        let body = #"{"audience":"a","includeEmail":true}"#
        let response = await generate(email, token, body)
        let issued = try XCTUnwrap(try JSONDocument(response.body).root["token"]?.string())
        let claims = try UnverifiedJWT(parsing: issued).claims
        XCTAssertEqual(claims.authorizedParty, "104857601234567890123")
        XCTAssertEqual(claims.email, email)
        let plain = await generate("104857601234567890123", token, #"{"audience":"a","useEmailAzp":true}"#)
        let plainText = try XCTUnwrap(try JSONDocument(plain.body).root["token"]?.string())
        XCTAssertEqual(try UnverifiedJWT(parsing: plainText).claims.authorizedParty, email)
        XCTAssertNil(try UnverifiedJWT(parsing: plainText).claims.email)
        var statuses = [
            await generate(email, "ya29.forged", body).status, await generate("other@x", token, body).status,
            await generate(email, token, "{").status, await generate(email, token, "{}").status,
        ]
        fixture.google.change { $0.allowsImpersonation = false }
        statuses.append(await generate(email, token, body).status)
        fixture.clock.advance(by: .seconds(3600))
        statuses.append(await generate(email, token, body).status)
        XCTAssertEqual(statuses, [401, 403, 400, 400, 403, 401])
    }

    func testItsJournalHoldsNoTokenAndNoQuery() async throws {
        let fixture = try EmulatorFixture()
        _ = try await fixture.token()
        _ = await fixture.metadata("nothing")
        XCTAssertEqual(
            fixture.google.journal.entries,
            [
                JournalEntry(
                    time: fixture.clock.now(),
                    method: "GET",
                    path: "/computeMetadata/v1/instance/service-accounts/default/identity",
                    status: 200
                ),
                JournalEntry(
                    time: fixture.clock.now(),
                    method: "GET",
                    path: "/computeMetadata/v1/nothing",
                    status: 404
                ),
            ]
        )
    }
}

final class JSONWebKeySetTests: XCTestCase {
    func testLeavesOutKeysThatSignNothing() throws {
        let json = #"{"keys":[{"kty":"EC","kid":"a"},{"kty":"RSA","use":"enc","kid":"b"}]}"#
        XCTAssertEqual(try JSONWebKeySet(parsing: Array(json.utf8)), JSONWebKeySet([:]))
    }

    func testSaysWhatIsWrong() {
        let cases: [(String, JSONWebKeySetError)] = [
            ("", .json(.unexpectedEnd)), ("[]", .notAKeySet), (#"{"keys":{}}"#, .notAKeySet),
            (#"{"keys":[{"kty":"RSA"}]}"#, .malformedKey),
            (#"{"keys":[{"kty":"RSA","kid":"a","n":"AQ","e":"AQAB"}]}"#, .malformedKey),
            (#"{"keys":[{"kty":"RSA","kid":"a","n":"A=","e":"AQAB"}]}"#, .malformedKey),
        ]
        for (json, error) in cases {
            XCTAssertThrowsError(try JSONWebKeySet(parsing: Array(json.utf8)), json) {
                XCTAssertEqual($0 as? JSONWebKeySetError, error)
            }
        }
    }
}
