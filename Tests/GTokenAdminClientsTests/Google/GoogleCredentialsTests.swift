import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

final class GoogleCredentialsTests: XCTestCase {
    private let clock = ManualClock()

    // MARK: one place each

    func testATokenOfTheEnvironmentIsTakenAsItIs() async throws {
        XCTAssertNil(EnvironmentAccessToken(environment: ["GOOGLE_OAUTH_ACCESS_TOKEN": ""]))
        let source = try XCTUnwrap(
            EnvironmentAccessToken(environment: ["GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.abc"])
        )
        let token = try await source.accessToken()
        XCTAssertEqual(token.text, "ya29.abc")
        for printed in ["\(source)", "\(token)", String(reflecting: token)] {
            XCTAssertFalse(printed.contains("abc"), printed)
        }
        let wrong = try XCTUnwrap(
            EnvironmentAccessToken(environment: ["GOOGLE_OAUTH_ACCESS_TOKEN": "two words"])
        )
        let error = await failure(of: wrong)
        XCTAssertEqual(error, .malformedToken(source: "GOOGLE_OAUTH_ACCESS_TOKEN"))
        XCTAssertNotNil(error?.hint)
    }

    func testALoginIsRefreshed() async throws {
        let asked = Locked<[HTTPClientRequest]>([])
        let source = try self.login { request in
            asked.withLock { $0.append(request) }
            return .json(#"{"access_token":"ya29.fresh","expires_in":3599,"token_type":"Bearer"}"#)
        }
        let token = try await source.accessToken()
        XCTAssertEqual(token.expiresAt, clock.now() + .seconds(3599))
        let request = try XCTUnwrap(asked.withLock { $0.first })
        XCTAssertEqual(request.url.description, "https://oauth2.googleapis.com/token")
        XCTAssertEqual(HTTPForm(parsing: request.body)?["grant_type"], "refresh_token")
        XCTAssertEqual(HTTPForm(parsing: request.body)?["refresh_token"], "1//refresh-secret-of-a-person")
    }

    func testAnExpiredLoginIsSaidToBeOneWithTheCommandThatMendsIt() async throws {
        let source = try login { _ in
            .json(
                #"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
                status: 400
            )
        }
        let error = await failure(of: source)
        XCTAssertEqual(error, .expiredLogin(source: "application default credentials"))
        XCTAssertEqual(error?.hint, "log in again with 'gcloud auth application-default login'")
    }

    func testARefusalThatQuotesTheLoginDoesNotShowIt() async throws {
        let source = try login { request in
            let form = HTTPForm(parsing: request.body)?["refresh_token"] ?? ""
            return .json(#"{"error":"invalid_request","error_description":"bad \#(form)"}"#, status: 400)
        }
        let error = await failure(of: source)
        XCTAssertEqual(
            error,
            .refused(
                url: "https://oauth2.googleapis.com/token",
                GoogleErrorStatus(code: 400, status: "invalid_request", message: "bad ***")
            )
        )
    }

    func testAKeySignsAnAssertionForTheTokenEndpoint() async throws {
        let key = try RSAPrivateKey.generate()
        let file = try ApplicationDefaultCredentials(keyFile(key), path: "key.json")
        guard case .serviceAccount(let account) = file.kind else { return XCTFail("not a key") }
        let asked = Locked<[HTTPClientRequest]>([])
        let source = OAuthAccessToken(of: account, clock: clock) { request throws(HTTPClientError) in
            asked.withLock { $0.append(request) }
            return .json(#"{"access_token":"ya29.fresh","expires_in":3599}"#)
        }
        _ = try await source.accessToken()
        let request = try XCTUnwrap(asked.withLock { $0.first })
        let assertion = try XCTUnwrap(HTTPForm(parsing: request.body)?["assertion"])
        let jwt = try UnverifiedJWT(parsing: assertion)
        XCTAssertEqual(jwt.claims.issuer, "deployer@my-project.iam.gserviceaccount.com")
        XCTAssertEqual(jwt.claims.audience, ["https://oauth2.googleapis.com/token"])
        XCTAssertEqual(jwt.claims.expiresAt, UnixTime(seconds: clock.now().seconds + 3600))
        let parts = assertion.split(separator: ".")
        let signed = Array(parts[..<2].joined(separator: ".").utf8)
        let signature = try XCTUnwrap(Base64URL.decode(String(parts[2])))
        XCTAssertTrue(key.publicKey.isValidSHA256Signature(signature, for: signed))
    }

    func testFilesThatCannotBeUsedAreNamedWithTheReason() throws {
        for (text, reason) in [
            ("", "it is no JSON object"), ("[]", "it is no JSON object"),
            ("{}", "credentials of the type none are not supported"),
            (#"{"type":"external_account"}"#, "credentials of the type external_account are not supported"),
            (#"{"type":"authorized_user","client_id":"a","client_secret":"b"}"#, "it has no refresh_token"),
            (
                #"{"type":"service_account","client_email":"a","private_key":"b"}"#,
                "its private_key is no RSA key"
            ),
            (
                #"{"type":"service_account","token_uri":"http://evil.example/"}"#,
                "its token_uri is no https URL"
            ),
            (#"{"type":"impersonated_service_account"}"#, "it has no source_credentials"),
            (
                #"{"type":"impersonated_service_account","source_credentials":{},"#
                    + #""service_account_impersonation_url":"https://evil.example/x"}"#,
                "its service_account_impersonation_url is none of Google's"
            ),
        ] {
            XCTAssertThrowsError(try ApplicationDefaultCredentials(Array(text.utf8), path: "adc.json"), text)
            {
                XCTAssertEqual(
                    $0 as? GoogleCredentialError,
                    .unusableFile(path: "adc.json", reason: reason),
                    text
                )
            }
        }
    }

    func testTheFileIsFoundAsGooglesLibrariesFindIt() throws {
        let home = try TemporaryDirectory()
        XCTAssertNil(try ApplicationDefaultCredentials.load(environment: ["HOME": home.path]))
        XCTAssertThrowsError(
            try ApplicationDefaultCredentials.load(environment: [
                "HOME": home.path, "GOOGLE_APPLICATION_CREDENTIALS": home.path + "/none.json",
            ])
        ) {
            XCTAssertEqual(
                $0 as? GoogleCredentialError,
                .unusableFile(path: home.path + "/none.json", reason: "there is no such file")
            )
        }
        let path = home.path + "/application_default_credentials.json"
        try AtomicFile.replace(path: path, contents: Array(Self.loginFile.utf8), mode: 0o600)
        let file = try XCTUnwrap(
            try ApplicationDefaultCredentials.load(environment: ["CLOUDSDK_CONFIG": home.path])
        )
        XCTAssertEqual(file.path, path)
        XCTAssertEqual(file.quotaProject, "quota-project")
        var dumped = ""
        dump(file, to: &dumped)
        XCTAssertFalse((dumped + "\(file)").contains("secret"), dumped)
    }

    func testTheMetadataServerIsTakenForWhatItIs() async throws {
        let answers: [(HTTPResponse, GoogleCredentialError?)] = [
            (
                HTTPResponse(
                    status: 200,
                    headers: ["Metadata-Flavor": "Google"],
                    body: Array(#"{"access_token":"ya29.pod","expires_in":300,"token_type":"Bearer"}"#.utf8)
                ), nil
            ),
            (.json(#"{"access_token":"ya29.captive-portal","expires_in":300}"#), .notFound),
            (.text("no service account\n", status: 404), .notFound),
            (
                .text("denied\n", status: 403),
                .refused(
                    url: "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token",
                    GoogleErrorStatus(code: 403, status: "", message: "denied")
                )
            ),
        ]
        for (answer, expected) in answers {
            let source = try MetadataAccessToken(environment: [:], clock: clock) {
                request throws(HTTPClientError) in
                XCTAssertFalse(request.usesProxy)
                return answer
            }
            if let expected {
                let error = await failure(of: source)
                XCTAssertEqual(error, expected)
            } else {
                let token = try await source.accessToken()
                XCTAssertEqual(token.text, "ya29.pod")
            }
        }
        let nowhere = try MetadataAccessToken(environment: [:], clock: clock) {
            request throws(HTTPClientError) in
            throw .timedOut(url: request.url.description, connecting: true)
        }
        let error = await failure(of: nowhere)
        XCTAssertEqual(error, .notFound)
    }

    func testGcloudsTokenAndItsComplaintsAreRead() async throws {
        let group = try EventLoopGroup(count: 1)
        defer { group.shutdown() }
        let folder = try TemporaryDirectory()
        let cases: [(script: String, token: String?, error: GoogleCredentialError?)] = [
            ("echo ya29.printed", "ya29.printed", nil),
            (
                "echo 'ERROR: (gcloud.auth.print-access-token) You do not currently have an active account.' >&2\n"
                    + "echo 'Please run:' >&2; exit 1",
                nil, .gcloud("You do not currently have an active account.")
            ),
            ("exit 3", nil, .gcloud("it ended with status 3")),
            ("echo two words", nil, .malformedToken(source: "gcloud auth print-access-token")),
            ("head -c 100000 /dev/zero", nil, .gcloud("\(folder.path)/gcloud printed more than expected")),
        ]
        for (script, token, expected) in cases {
            let path = folder.path + "/gcloud"
            try AtomicFile.replace(path: path, contents: Array("#!/bin/sh\n\(script)\n".utf8), mode: 0o700)
            let source = GcloudAccessToken(loop: group.loops[0], command: path)
            if let token {
                let given = try await source.accessToken()
                XCTAssertEqual(given.text, token)
            } else {
                let error = await failure(of: source)
                XCTAssertEqual(error, expected, script)
            }
        }
        let absent = await failure(
            of: GcloudAccessToken(loop: group.loops[0], command: folder.path + "/none")
        )
        XCTAssertEqual(absent, .notFound)
    }

    // MARK: together

    func testThePlacesAreAskedInOrderAndTheFirstThatHasOneIsKept() async throws {
        let second = Locked<[Result<String, GoogleCredentialError>]>([
            .success("ya29.one"), .failure(.expiredLogin(source: "x")),
        ])
        let chain = GoogleCredentialChain([
            Scripted { .failure(.notFound) },
            Scripted { second.withLock { $0.removeFirst() } },
            Scripted { .success("ya29.of-somebody-else") },
        ])
        XCTAssertNil(chain.origin)
        let token = try await chain.accessToken()
        XCTAssertEqual(token.text, "ya29.one")
        XCTAssertEqual(chain.origin, "a script")
        let error = await failure(of: chain)
        XCTAssertEqual(error, .expiredLogin(source: "x"), "it must not go on as somebody else")

        let nobody = await failure(of: GoogleCredentialChain([Scripted { .failure(.notFound) }]))
        XCTAssertEqual(nobody, .notFound)
        XCTAssertTrue(nobody?.hint?.contains("gcloud auth login") ?? false)
    }

    func testATokenIsKeptUntilShortlyBeforeItsEnd() async throws {
        let count = Locked(0)
        let clock = clock
        let source = Scripted(expiresIn: 3600, clock) {
            count.withLock { $0 += 1 }
            return .success("ya29.token")
        }
        let tokens = CachedAccessTokens(source, clock: clock)
        for _ in 0..<3 { _ = try await tokens.current() }
        clock.advance(by: .seconds(3300))
        _ = try await tokens.current()
        XCTAssertEqual(count.withLock { $0 }, 1)
        clock.advance(by: .seconds(100))
        let last = try await tokens.current()
        XCTAssertEqual(count.withLock { $0 }, 2)
        await tokens.discard(last)
        _ = try await tokens.current()
        XCTAssertEqual(count.withLock { $0 }, 3)
    }

    func testAnAccountIsActedAsByItsToken() async throws {
        try await GoogleStandIn.run { google in
            let email = try google.email("uploader")
            let source = ImpersonatedAccessToken(of: email, by: google.api)
            let refused = await self.failure(of: source)
            guard case .refused(_, let status) = refused else {
                return XCTFail("\(String(describing: refused))")
            }
            XCTAssertEqual(status.details.first?.metadata["permission"], "iam.serviceAccounts.getAccessToken")
            google.cloud.grant(
                "roles/iam.serviceAccountTokenCreator",
                on: email,
                to: GoogleCloud.administrator
            )
            google.cloud.grant("roles/viewer", on: google.project, to: "serviceAccount:\(email)")
            let clock = LoopClock(google.loop)
            let api = GoogleAPIClient(
                endpoints: try GoogleEndpoints(all: google.url),
                tokens: CachedAccessTokens(source, clock: clock),
                clock: clock,
                http: HTTPClient(loop: google.loop)
            )
            let account = try await GoogleIAMClient(api).serviceAccount(email)
            XCTAssertNotNil(account)
            let denied = await googleError { () async throws(GoogleAPIError) in
                try await GoogleIAMClient(api).deleteServiceAccount(email)
            }
            XCTAssertEqual(
                denied?.isPermissionDenied,
                true,
                "it is a viewer, and no longer the administrator"
            )
        }
    }

    func testAnEnvironmentSaysWhoCalls() async throws {
        try await GoogleStandIn.run { google in
            let endpoints = try GoogleEndpoints(all: google.url)
            let http = HTTPClient(loop: google.loop)
            func credentials(_ environment: [String: String]) throws -> GoogleCredentials {
                try GoogleCredentials(
                    environment: environment,
                    endpoints: endpoints,
                    http: http,
                    loop: google.loop,
                    clock: LoopClock(google.loop)
                )
            }
            let given = try credentials([
                "GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.given", "GOOGLE_APPLICATION_CREDENTIALS": "/nowhere",
                "GOOGLE_CLOUD_QUOTA_PROJECT": "quota-project",
            ])
            let token = try await given.tokens.current()
            XCTAssertEqual(token.text, "ya29.given")
            XCTAssertEqual(given.quotaProject?.description, "quota-project")
            XCTAssertEqual(given.origin, "GOOGLE_OAUTH_ACCESS_TOKEN")
            let pod = try credentials(["GCE_METADATA_HOST": google.url.hostField])
            _ = try await pod.tokens.current()
            XCTAssertEqual(pod.origin, "the metadata server at \(google.url.hostField)")
            XCTAssertThrowsError(try credentials(["GOOGLE_APPLICATION_CREDENTIALS": "/nowhere"]))
        }
    }

    // MARK: helpers

    private static let loginFile = #"""
        {"type":"authorized_user","client_id":"client","client_secret":"secret-of-the-client",
         "refresh_token":"1//refresh-secret-of-a-person","quota_project_id":"quota-project"}
        """#

    private func keyFile(_ key: RSAPrivateKey) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("type", "service_account")
            object.member("client_email", "deployer@my-project.iam.gserviceaccount.com")
            object.member("private_key_id", "0123456789abcdef")
            object.member("private_key", String(decoding: key.pem, as: UTF8.self))
        }
        return writer.bytes
    }

    private func login(
        _ answer: @escaping @Sendable (HTTPClientRequest) -> HTTPResponse
    ) throws -> OAuthAccessToken {
        let file = try ApplicationDefaultCredentials(Array(Self.loginFile.utf8), path: "adc.json")
        guard case .authorizedUser(let user) = file.kind else { throw GoogleCredentialError.notFound }
        return OAuthAccessToken(
            of: user,
            at: try HTTPURL(parsing: "https://oauth2.googleapis.com/token"),
            clock: clock
        ) { request throws(HTTPClientError) in answer(request) }
    }

    private func failure(of source: some GoogleAccessTokenSource) async -> GoogleCredentialError? {
        do throws(GoogleCredentialError) {
            _ = try await source.accessToken()
            return nil
        } catch {
            return error
        }
    }
}

/// Gives what a test's closure says.
private struct Scripted: GoogleAccessTokenSource, CustomStringConvertible {
    let answer: @Sendable () -> Result<String, GoogleCredentialError>
    let expiry: @Sendable () -> UnixTime?
    let description = "a script"

    init(
        expiresIn seconds: Int64? = nil,
        _ clock: (any Clock)? = nil,
        _ answer: @escaping @Sendable () -> Result<String, GoogleCredentialError>
    ) {
        self.answer = answer
        expiry = {
            guard let seconds, let clock else { return nil }
            return clock.now() + .seconds(seconds)
        }
    }

    func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken {
        try GoogleAccessToken(try answer().get(), expiresAt: expiry(), source: "test")
    }
}
