import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

/// The stand-in's token endpoint, and what access tokens of it are good for.
final class GoogleOAuthTests: XCTestCase {
    private static let host = "127.0.0.1:8000"
    private static let email = "app@demo-project.iam.gserviceaccount.com"

    private struct Signer {
        let key: RSAPrivateKey
        let id: String

        init(_ file: [UInt8]) throws {
            let root = try JSONDocument(file).root
            key = try RSAPrivateKey(pem: Array(try XCTUnwrap(root["private_key"]?.string()).utf8))
            id = try XCTUnwrap(root["private_key_id"]?.string())
        }

        func sign(_ claims: String, algorithm: String = "RS256") throws -> String {
            let header = #"{"alg":"\#(algorithm)","kid":"\#(id)"}"#
            let input = [header, claims].map { Base64URL.encode(Array($0.utf8)) }.joined(separator: ".")
            return input + "." + Base64URL.encode(try key.signSHA256(Array(input.utf8)))
        }
    }

    private func ask(_ google: GoogleEmulator, _ form: HTTPForm) async -> HTTPResponse {
        await google.respond(
            to: HTTPRequest(
                method: "POST",
                target: "/token",
                headers: ["Content-Type": HTTPForm.mediaType, "Host": Self.host],
                body: form.encoded
            )
        )
    }

    private func exchange(_ google: GoogleEmulator, _ assertion: String) async -> HTTPResponse {
        await ask(
            google,
            ["grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion]
        )
    }

    private func claims(
        _ now: Int64,
        iss: String = email,
        aud: String = "http://\(host)/token",
        life: Int64 = 3600,
        more: String = #""target_audience":"a""#
    ) -> String {
        #"{"iss":"\#(iss)","aud":"\#(aud)","iat":\#(now),"exp":\#(now + life),\#(more)}"#
    }

    func testAnAssertionOfAKeyGivesAnIDTokenWhoseAuthorizedPartyIsTheEMail() async throws {
        let fixture = try EmulatorFixture()
        let file = try fixture.google.makeKeyFile(
            of: fixture.google.configuration.email,
            tokenURL: "http://\(Self.host)/token"
        )
        let (signer, now) = (try Signer(file), fixture.clock.now().seconds)
        for aud in ["http://\(Self.host)/token", "https://oauth2.googleapis.com/token"] {
            let answer = await exchange(fixture.google, try signer.sign(claims(now, aud: aud)))
            let text = try XCTUnwrap(try JSONDocument(answer.body).root["id_token"]?.string())
            let token = try UnverifiedJWT(parsing: text)
            XCTAssertEqual(token.claims.subject, "\(fixture.uniqueID)")
            XCTAssertEqual(token.claims.authorizedParty, Self.email)
            XCTAssertEqual(token.claims.audience, ["a"])
        }
    }

    func testAnAssertionThatIsNotInOrderGivesNothing() async throws {
        let fixture = try EmulatorFixture()
        let url = "http://\(Self.host)/token"
        let signer = try Signer(
            try fixture.google.makeKeyFile(of: fixture.google.configuration.email, tokenURL: url)
        )
        let other = try GoogleServiceAccountEmail(parsing: "other@demo-project.iam.gserviceaccount.com")
        fixture.google.cloud.addAccount(other, in: fixture.google.configuration.project)
        let now = fixture.clock.now().seconds
        var forged = try signer.sign(claims(now))
        forged.replaceSubrange(
            forged.index(forged.endIndex, offsetBy: -8)..<forged.endIndex,
            with: "AAAAAAAA"
        )
        let cases: [(name: String, assertion: String, error: String, words: String)] = [
            ("no token", "", "invalid_grant", "malformed"),
            ("signature", forged, "invalid_grant", "Invalid JWT Signature."),
            ("algorithm", try signer.sign(claims(now), algorithm: "none"), "invalid_grant", "Signature"),
            ("another's key", try signer.sign(claims(now, iss: "\(other)")), "invalid_grant", "Signature"),
            ("nobody", try signer.sign(claims(now, iss: "x")), "invalid_grant", "account not found"),
            (
                "audience", try signer.sign(claims(now, aud: "https://example.com")), "invalid_grant",
                "audience"
            ),
            ("too long", try signer.sign(claims(now, life: 3601)), "invalid_grant", "iat and exp"),
            ("expired", try signer.sign(claims(now - 3600)), "invalid_grant", "iat and exp"),
            ("not yet", try signer.sign(claims(now + 301)), "invalid_grant", "iat and exp"),
            ("no purpose", try signer.sign(claims(now, more: #""x":1"#)), "invalid_scope", "audience"),
        ]
        for (name, assertion, error, words) in cases {
            let answer = await exchange(fixture.google, assertion)
            XCTAssertEqual(answer.status, 400, name)
            let root = try JSONDocument(answer.body).root
            XCTAssertEqual(root["error"]?.string(), error, name)
            let description = root["error_description"]?.string() ?? ""
            XCTAssertTrue(description.contains(words), "\(name): \(description)")
        }
        let grant = await ask(fixture.google, ["grant_type": "password"])
        XCTAssertEqual(grant.status, 400)
        XCTAssertTrue(grant.text.contains("unsupported_grant_type"), grant.text)
    }

    func testALoginIsRefreshedUntilItIsTakenBack() async throws {
        let fixture = try EmulatorFixture()
        let file = try JSONDocument(fixture.google.makeLoginFile(of: "user:developer@example.com")).root
        var form: HTTPForm = ["grant_type": "refresh_token"]
        for name in ["client_id", "client_secret", "refresh_token"] {
            form[name] = try XCTUnwrap(file[name]?.string())
        }
        let answer = await ask(fixture.google, form)
        XCTAssertEqual(answer.status, 200)
        XCTAssertEqual(try JSONDocument(answer.body).root["token_type"]?.string(), "Bearer")
        var other = form
        other["client_secret"] = "another"
        let refused = await ask(fixture.google, other)
        XCTAssertEqual(refused.status, 401)
        fixture.google.revokeLogins()
        let revoked = await ask(fixture.google, form)
        XCTAssertEqual(revoked.status, 400)
        XCTAssertTrue(revoked.text.contains("Token has been expired or revoked."), revoked.text)
    }

    func testAnAccessTokenHasTheScopesThatWereAskedForAsFarAsTheMachineHasThem() async throws {
        let fixture = try EmulatorFixture()
        let storage = "https://www.googleapis.com/auth/devstorage.read_only"
        func status(_ query: String) async throws -> Int {
            let answer = await fixture.metadata("instance/service-accounts/default/token" + query)
            let token = try XCTUnwrap(try JSONDocument(answer.body).root["access_token"]?.string())
            return await fixture.google.respond(
                to: HTTPRequest(
                    method: "POST",
                    target: "/v1/projects/-/serviceAccounts/\(Self.email):generateIdToken",
                    headers: ["Authorization": "Bearer \(token)"],
                    body: Array(#"{"audience":"a"}"#.utf8)
                )
            ).status
        }
        var statuses = [
            try await status(""), try await status("?scopes=\(storage)"),
            try await status("?scopes=\(GoogleScope.iam),\(storage)"),
        ]
        fixture.google.change { $0.machineScopes = [storage] }
        statuses.append(try await status(""))
        statuses.append(try await status("?scopes=\(GoogleScope.cloudPlatform)"))
        XCTAssertEqual(statuses, [200, 403, 200, 403, 403])
    }
}
