import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

final class GoogleCloudTests: XCTestCase {
    private static let identity =
        "instance/service-accounts/default/identity?audience=\(EmulatorFixture.audience)"

    private func email() throws -> GoogleServiceAccountEmail {
        try GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com")
    }

    func testAPodGetsNoTokenOfAnAccountThatDoesNotNameIt() async throws {
        let fixture = try EmulatorFixture()
        _ = try await fixture.token()
        let email = try email()
        fixture.google.cloud.removeAccount(email)
        let gone = await fixture.metadata(Self.identity)
        XCTAssertEqual(gone.status, 403)
        let project = try GoogleProjectID(parsing: "demo-project")
        let uniqueID = fixture.google.cloud.addAccount(email, in: project)
        XCTAssertNotEqual(uniqueID, fixture.uniqueID)
        for path in [Self.identity, "instance/service-accounts/default/token"] {
            let unbound = await fixture.metadata(path)
            XCTAssertEqual(unbound.status, 403, path)
            XCTAssertFalse(unbound.headers.contains("Metadata-Flavor"))
            XCTAssertTrue(unbound.text.contains("missing IAM policy binding"), unbound.text)
        }
        fixture.google.cloud.grant(
            "roles/iam.workloadIdentityUser",
            on: email,
            to: "serviceAccount:demo-project.svc.id.goog[default/other]"
        )
        let others = await fixture.metadata(Self.identity)
        XCTAssertEqual(others.status, 403)
        fixture.google.cloud.grant(
            "roles/iam.workloadIdentityUser",
            on: email,
            to: "serviceAccount:demo-project.svc.id.goog[default/app]"
        )
        // The account that was made again has another number.
        let token = try await fixture.token()
        XCTAssertEqual(try UnverifiedJWT(parsing: token).claims.subject, "\(uniqueID)")
    }

    func testAnAdministratorMayNotMakeTokensUnlessToldSo() async throws {
        let fixture = try EmulatorFixture()
        let email = try email()
        let token = fixture.google.administratorToken()
        func generate(_ verb: String, _ body: String) async -> HTTPResponse {
            await fixture.google.respond(
                to: HTTPRequest(
                    method: "POST",
                    target: "/v1/projects/-/serviceAccounts/\(email):\(verb)",
                    headers: ["Authorization": "Bearer \(token)"],
                    body: Array(body.utf8)
                )
            )
        }
        let cases = [
            ("generateIdToken", #"{"audience":"a"}"#),
            ("generateAccessToken", #"{"scope":["https://www.googleapis.com/auth/cloud-platform"]}"#),
        ]
        for (verb, body) in cases {
            let refused = await generate(verb, body)
            XCTAssertEqual(refused.status, 403, verb)
        }
        fixture.google.cloud.grant(
            "roles/iam.serviceAccountTokenCreator",
            on: email,
            to: GoogleCloud.administrator
        )
        for (verb, body) in cases {
            let answer = await generate(verb, body)
            XCTAssertEqual(answer.status, 200, verb)
        }
        let empty = await generate("generateAccessToken", "{}")
        XCTAssertEqual(empty.status, 400)
    }

    func testADeletedAccountLeavesItsNameInPolicies() async throws {
        let fixture = try EmulatorFixture()
        let cloud = fixture.google.cloud
        let project = try GoogleProjectID(parsing: "demo-project")
        let other = try GoogleServiceAccountEmail(parsing: "other@demo-project.iam.gserviceaccount.com")
        let uniqueID = cloud.addAccount(other, in: project)
        cloud.grant("roles/iam.serviceAccountUser", on: try email(), to: "serviceAccount:\(other)")
        cloud.removeAccount(other)
        let answer = await ask(fixture, "GET", "/v1/projects/-/serviceAccounts/\(try email()):getIamPolicy")
        XCTAssertTrue(answer.text.contains("deleted:serviceAccount:\(other)?uid=\(uniqueID)"), answer.text)
    }

    func testRefusesWhatIAMRefuses() async throws {
        let fixture = try EmulatorFixture()
        let account = "/v1/projects/-/serviceAccounts/\(try email())"
        let accounts = "/v1/projects/demo-project/serviceAccounts"
        let cases: [(method: String, path: String, body: String, status: Int, line: UInt)] = [
            (
                "GET", "/v1/projects/-/serviceAccounts/none@demo-project.iam.gserviceaccount.com", "", 404,
                #line
            ),
            ("GET", "/v1/projects/-/serviceAccounts/none@no-project.iam.gserviceaccount.com", "", 403, #line),
            ("GET", "/v1/projects/demo-project/serviceAccounts/104857601234567890123", "", 200, #line),
            ("POST", accounts, #"{"accountId":"app"}"#, 400, #line),
            ("POST", accounts, #"{"accountId":"Upper-case"}"#, 400, #line),
            ("POST", accounts, "[", 400, #line),
            ("POST", "/v1/projects/no-project/serviceAccounts", #"{"accountId":"account"}"#, 403, #line),
            ("POST", account + ":setIamPolicy", "{}", 400, #line),
            ("POST", account + ":setIamPolicy", #"{"policy":{"etag":"BwAAAAAAAP8="}}"#, 409, #line),
            ("POST", account + ":setIamPolicy", #"{"policy":{"bindings":[{"role":"owner"}]}}"#, 400, #line),
            (
                "POST", account + ":setIamPolicy",
                #"{"policy":{"bindings":[{"role":"roles/x","members":["user:a@b"],"condition":{"title":"t"}}]}}"#,
                400,
                #line
            ),
            ("POST", account + ":undelete", "{}", 404, #line),
            ("GET", "/v1/projects/demo-project/services/iam.googleapis.com", "", 200, #line),
            ("GET", "/v1/projects/demo-project/locations/x/clusters/none", "", 404, #line),
            ("GET", "/v1/projects/demo-project", "", 200, #line),
            ("GET", "/v3/projects/123456789012", "", 200, #line),
            ("GET", "/v1/projects/demo-project/secrets/x", "", 404, #line),
        ]
        for (method, path, body, status, line) in cases {
            let answer = await ask(fixture, method, path, body)
            XCTAssertEqual(answer.status, status, "\(method) \(path): \(answer.text)", line: line)
        }
        let unknown = await fixture.google.respond(to: HTTPRequest(method: "GET", target: account))
        XCTAssertEqual(unknown.status, 401)
        fixture.google.change { $0.takesForeignTokens = true }
        let foreign = await fixture.google.respond(
            to: HTTPRequest(method: "GET", target: account, headers: ["Authorization": "Bearer of-somebody"])
        )
        XCTAssertEqual(foreign.status, 200)
    }

    private func ask(
        _ fixture: EmulatorFixture,
        _ method: String,
        _ path: String,
        _ body: String = ""
    ) async -> HTTPResponse {
        await fixture.google.respond(
            to: HTTPRequest(
                method: method,
                target: path,
                headers: ["Authorization": "Bearer \(fixture.google.administratorToken())"],
                body: Array(body.utf8)
            )
        )
    }
}
