import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import Foundation
import XCTest

final class STSClientTests: XCTestCase {
    private static let audience = "gtoken/sts/assume-role-with-web-identity"
    private let clock = ManualClock(UnixTime(seconds: 1_795_467_580))

    func testExchangesATokenForCredentialsThatAWSKnows() async throws {
        let (google, aws) = try emulators()
        let client = try client(aws)
        let assumed = try await client.assumeRoleWithWebIdentity(try exchange(google))
        XCTAssertEqual(assumed.arn, "arn:aws:sts::123456789012:assumed-role/app-role/pod-1")
        XCTAssertTrue(assumed.id.hasSuffix(":pod-1"))
        XCTAssertEqual(assumed.credentials.expiresAt, clock.now() + .seconds(900))
        XCTAssertEqual(assumed.subject, "104857601234567890123")
        XCTAssertEqual(assumed.audience, "104857601234567890123")
        XCTAssertEqual(assumed.provider, "accounts.google.com")
        let identity = try await client.getCallerIdentity(with: assumed.credentials)
        XCTAssertEqual(
            identity,
            CallerIdentity(arn: assumed.arn, userID: assumed.id, accountID: "123456789012")
        )
    }

    func testGivesAWSsOwnWords() async throws {
        let (google, aws) = try emulators()
        let client = try client(aws)
        let other = try exchange(google, audience: "another")
        await assertThrows(
            Self.refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
            isTransient: false
        ) { try await client.assumeRoleWithWebIdentity(other) }
        let forged = AWSCredentials(accessKeyID: "ASIAFORGED", secretAccessKey: "s", sessionToken: "t")
        await assertThrows(
            Self.refusal(
                403,
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
                to: "GetCallerIdentity"
            ),
            isTransient: false
        ) { try await client.getCallerIdentity(with: forged) }
    }

    func testKnowsWhatIsWorthAnotherTry() {
        func service(_ status: Int, _ code: String, _ message: String = "") -> AWSQueryError {
            Self.refusal(status, code, message)
        }
        let cases: [(AWSQueryError, Bool)] = [
            (service(400, "Throttling"), true), (service(400, "IDPCommunicationError"), true),
            (service(503, "ServiceUnavailable"), true), (service(500, "InternalFailure"), true),
            (service(429, "Anything"), true),
            (service(400, "InvalidIdentityToken", "The ID Token is bad"), false),
            (
                service(
                    400,
                    "InvalidIdentityToken",
                    "Couldn't retrieve verification key from your identity provider"
                ),
                true
            ),
            (service(400, "ExpiredTokenException"), false), (service(403, "IDPRejectedClaim"), false),
            (.malformedAnswer(action: Self.action, status: 502), true),
            (.malformedAnswer(action: Self.action, status: 200), false),
            (.missingElement(action: Self.action, "x"), false),
            (.transport(.timedOut(url: "u", connecting: true)), true),
            (.transport(.noTrustedRoots(url: "u")), false),
        ]
        for (error, isTransient) in cases { XCTAssertEqual(error.isTransient, isTransient, "\(error)") }
    }

    func testRefusesAnswersThatAreNotTheServices() async throws {
        let whole =
            "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><AssumedRoleUser><Arn>a</Arn>"
            + "<AssumedRoleId>i</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>k</AccessKeyId>"
            + "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            + "<Expiration>2026-11-23T20:59:40.000Z</Expiration></Credentials>"
            + "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
        let plain = try await ask(200, whole)
        XCTAssertEqual(plain.credentials.expiresAt, clock.now())
        XCTAssertNil(plain.subject)
        let cases: [(Int, String, AWSQueryError)] = [
            (200, "", .malformedAnswer(action: Self.action, status: 200)),
            (502, "<html>Bad Gateway", .malformedAnswer(action: Self.action, status: 502)),
            (404, "<a/>", .malformedAnswer(action: Self.action, status: 404)),
            (201, whole, .malformedAnswer(action: Self.action, status: 201)),
            (200, "<GetCallerIdentityResponse/>", .malformedAnswer(action: Self.action, status: 200)),
            (200, "<\(Self.action)Response/>", .missingElement(action: Self.action, "Credentials")),
            (
                403, "<ErrorResponse><Error/></ErrorResponse>",
                .malformedAnswer(action: Self.action, status: 403)
            ),
            (
                200, whole.replacing("<SessionToken>t</SessionToken>", with: ""),
                .missingElement(action: Self.action, "Credentials.SessionToken")
            ),
            (
                200, whole.replacing("<AccessKeyId>k</AccessKeyId>", with: "<AccessKeyId/>"),
                .missingElement(action: Self.action, "Credentials.AccessKeyId")
            ),
            (
                200, whole.replacing("2026-11-23T", with: "soon"),
                .missingElement(action: Self.action, "Credentials.Expiration")
            ),
            (
                200, whole.replacing("<Arn>a</Arn>", with: ""),
                .missingElement(action: Self.action, "AssumedRoleUser.Arn")
            ),
            (
                400,
                "<ErrorResponse><Error><Code>C</Code><Message>a&#10;b\(String(repeating: "c", count: 600))</Message></Error></ErrorResponse>",
                Self.refusal(400, "C", "a b" + String(repeating: "c", count: 497))
            ),
            (
                400, "<ErrorResponse><Error><Code>C</Code></Error></ErrorResponse>",
                Self.refusal(400, "C", "")
            ),
        ]
        for (status, body, error) in cases {
            await assertThrows(error, isTransient: error.isTransient) { try await self.ask(status, body) }
        }
    }

    func testPrintsNoSecretThatAWSQuotes() async throws {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
        let quotations = [
            ("Value '\(token)' at 'webIdentityToken'", "Value '***' at 'webIdentityToken'"),
            ("\(token.prefix(18))... and \(token)", "***... and ***"), (token, "***"),
            ("a\(token.prefix(15)) ", "a\(token.prefix(15))"),
            (String(repeating: "x", count: 490) + token, String(repeating: "x", count: 490) + "***"),
        ]
        for (message, expected) in quotations {
            let body =
                "<ErrorResponse><Error><Code>ValidationError</Code><Message>\(message)</Message></Error>"
                + "</ErrorResponse>"
            await assertThrows(
                Self.refusal(400, "ValidationError", expected),
                isTransient: false
            ) { try await self.ask(400, body, token: token) }
        }
    }

    func testPassesOnThatNobodyAnswers() async throws {
        let (google, _) = try emulators()
        let failure = HTTPClientError.closedEarly(url: "http://sts.test/")
        let client = STSClient(try Self.endpoint(), clock: clock) {
            _ throws(HTTPClientError) in throw failure
        }
        let exchange = try exchange(google)
        await assertThrows(.transport(failure), isTransient: true) {
            try await client.assumeRoleWithWebIdentity(exchange)
        }
    }

    func testAnExchangePrintsNoToken() throws {
        let (google, _) = try emulators()
        let exchange = try exchange(google)
        var dumped = "\(exchange)"
        dump(exchange, to: &dumped)
        XCTAssertFalse(dumped.contains(exchange.token))
        XCTAssertTrue(dumped.hasPrefix("arn:aws:iam::123456789012:role/app-role as pod-1"))
    }

    func testWorksOverASocket() async throws {
        let (google, aws) = try emulators()
        let exchange = try exchange(google)
        let group = try EventLoopGroup(count: 1)
        defer { group.shutdown() }
        let loop = group.next()
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop]) { await aws.respond(to: $0) }
        let endpoint = try Self.endpoint("http://127.0.0.1:\(try server.start())")
        let running = Task { try await server.run() }
        let http = HTTPClient(loop: loop)
        let client = STSClient(endpoint, clock: clock, http: http)
        let assumed = try await client.assumeRoleWithWebIdentity(exchange)
        let identity = try await client.getCallerIdentity(with: assumed.credentials)
        XCTAssertEqual(identity.arn, "arn:aws:sts::123456789012:assumed-role/app-role/pod-1")
        http.close()
        await server.shutdown(within: .zero)
        try await running.value
    }

    private func ask(_ status: Int, _ body: String, token: String = "token") async throws -> AssumedRole {
        let client = STSClient(try Self.endpoint(), clock: clock) { _ throws(HTTPClientError) in
            HTTPResponse(status: status, contentType: "text/xml", body: Array(body.utf8))
        }
        let exchange = WebIdentityExchange(
            role: try Self.role(),
            sessionName: try RoleSessionName(parsing: "pod-1"),
            token: token
        )
        return try await client.assumeRoleWithWebIdentity(exchange)
    }

    private func assertThrows<Success>(
        _ expected: AWSQueryError,
        isTransient: Bool,
        file: StaticString = #filePath,
        line: UInt = #line,
        _ body: () async throws -> Success
    ) async {
        do {
            _ = try await body()
            XCTFail("did not throw \(expected)", file: file, line: line)
        } catch {
            XCTAssertEqual(error as? AWSQueryError, expected, file: file, line: line)
            XCTAssertEqual((error as? AWSQueryError)?.isTransient, isTransient, file: file, line: line)
        }
    }

    private func client(_ aws: AWSEmulator) throws -> STSClient {
        STSClient(try Self.endpoint(), clock: clock) { request throws(HTTPClientError) in
            // What the client of a network adds.
            var headers = request.headers
            headers.set("Host", request.url.hostField)
            return await aws.respond(
                to: HTTPRequest(
                    method: request.method,
                    target: request.url.target,
                    headers: headers,
                    body: request.body
                )
            )
        }
    }

    private func exchange(_ google: GoogleEmulator, audience: String = audience) throws -> WebIdentityExchange
    {
        WebIdentityExchange(
            role: try Self.role(),
            sessionName: try RoleSessionName(parsing: "pod-1"),
            token: try google.idToken(audience: audience),
            duration: .seconds(900)
        )
    }

    private func emulators() throws -> (GoogleEmulator, AWSEmulator) {
        let uniqueID = try GoogleUniqueID(parsing: "104857601234567890123")
        let configuration = GoogleEmulatorConfiguration(
            email: try GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com"),
            uniqueID: uniqueID,
            project: try GoogleProjectID(parsing: "demo-project"),
            serviceAccount: try KubernetesServiceAccountName(namespace: "default", name: "app")
        )
        let google = try GoogleEmulator(configuration, clock: clock)
        let aws = AWSEmulator(googleKeys: { google.keySet }, clock: clock)
        try aws.register(
            try Self.role(),
            trustPolicy: TrustPolicy.google(uniqueID: uniqueID, audience: Self.audience)
        )
        return (google, aws)
    }

    private static let action = "AssumeRoleWithWebIdentity"

    private static func refusal(
        _ status: Int,
        _ code: String,
        _ message: String,
        to action: String = action
    ) -> AWSQueryError {
        .refused(AWSRefusal(service: .sts, action: action, status: status, code: code, message: message))
    }

    private static func role() throws -> RoleARN {
        try RoleARN(parsing: "arn:aws:iam::123456789012:role/app-role")
    }

    private static func endpoint(_ url: String = "http://sts.test/") throws -> AWSEndpoint {
        AWSEndpoint(.sts, url: try HTTPURL(parsing: url), signingRegion: "us-east-1")
    }
}
