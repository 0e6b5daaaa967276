import Foundation
import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

final class MetadataClientTests: XCTestCase {
    private let clock = ManualClock()

    private func emulator() throws -> GoogleEmulator {
        try GoogleEmulator(
            GoogleEmulatorConfiguration(
                email: try GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com"),
                uniqueID: try GoogleUniqueID(parsing: "104387266351829007741"),
                project: try GoogleProjectID(parsing: "demo-project"),
                serviceAccount: try KubernetesServiceAccountName(namespace: "apps", name: "app")
            ),
            clock: clock
        )
    }

    /// A client whose requests the emulator answers without a network.
    private func client(_ emulator: GoogleEmulator, host: String = "169.254.169.254") throws -> MetadataClient
    {
        try MetadataClient(host: host, timeout: .seconds(5)) { request throws(HTTPClientError) in
            await emulator.respond(
                to: HTTPRequest(method: request.method, target: request.url.target, headers: request.headers)
            )
        }
    }

    private func client(answering response: HTTPResponse) throws -> MetadataClient {
        try MetadataClient(host: "h", timeout: .seconds(5)) { _ throws(HTTPClientError) in response }
    }

    private func assertFails(
        _ client: MetadataClient,
        _ expected: IDTokenError,
        audience: String = "aud",
        file: StaticString = #filePath,
        line: UInt = #line
    ) async {
        do throws(IDTokenError) {
            _ = try await client.idToken(audience: audience)
            XCTFail("no error", file: file, line: line)
        } catch {
            XCTAssertEqual(error, expected, file: file, line: line)
        }
    }

    func testGetsATokenForTheAudienceInOneRequest() async throws {
        let emulator = try emulator()
        let token = try await client(emulator).idToken(audience: "gtoken/sts/a&b c")
        XCTAssertEqual(token.lifetime, .seconds(3600))
        XCTAssertEqual(token.expiresAt, clock.now() + .seconds(3600))
        XCTAssertEqual(try UnverifiedJWT(parsing: token.text).claims.audience, ["gtoken/sts/a&b c"])
        XCTAssertEqual(
            emulator.journal.entries.map(\.path),
            ["/computeMetadata/v1/instance/service-accounts/default/identity"]
        )
    }

    func testAsksForAnAccountByItsAddress() async throws {
        let emulator = try emulator()
        let account = try GoogleServiceAccountEmail(parsing: "app@demo-project.iam.gserviceaccount.com")
        _ = try await self.client(emulator).idToken(audience: "a", account: account)
        let other = try GoogleServiceAccountEmail(parsing: "other@demo-project.iam.gserviceaccount.com")
        let client = try self.client(emulator)
        do throws(IDTokenError) {
            _ = try await client.idToken(audience: "a", account: other)
            XCTFail("no error")
        } catch {
            guard case .refused(_, 404, _) = error else { return XCTFail("\(error)") }
        }
    }

    func testAsksDirectlyAndWithTheHeaderOfTheProtocol() async throws {
        let client = try MetadataClient(host: "127.0.0.1:81", timeout: .seconds(2)) {
            request throws(HTTPClientError) in
            XCTAssertFalse(request.usesProxy)
            XCTAssertEqual(request.timeout, .seconds(2))
            XCTAssertEqual(request.connectTimeout, .seconds(2))
            XCTAssertEqual(request.headers["Metadata-Flavor"], "Google")
            XCTAssertEqual(
                request.url.target,
                "/computeMetadata/v1/instance/service-accounts/default/identity?audience=a"
            )
            XCTAssertEqual(request.url.hostField, "127.0.0.1:81")
            throw .timedOut(url: "u", connecting: true)
        }
        await assertFails(client, .transport(.timedOut(url: "u", connecting: true)), audience: "a")
    }

    func testARefusalKeepsTheServersOwnWordsOnOneLine() async throws {
        let emulator = try emulator()
        emulator.change { $0.isAnnotated = false }
        let client = try self.client(emulator)
        do throws(IDTokenError) {
            _ = try await client.idToken(audience: "a")
            XCTFail("no error")
        } catch {
            guard case .refused(_, 404, let message) = error else { return XCTFail("\(error)") }
            XCTAssertTrue(message.hasPrefix("Your Kubernetes service account (apps/app) is not annotated"))
            XCTAssertTrue(error.isTransient)
        }
        let url = "http://h/computeMetadata/v1/instance/service-accounts/default/identity"
        let cases: [(HTTPResponse, IDTokenError)] = [
            (
                .text("a\r\n\tb\u{1B}[31m \n", status: 403),
                .refused(url: url, status: 403, message: "a b [31m")
            ),
            (.text("", status: 500), .refused(url: url, status: 500, message: "(no text)")),
            (
                .text(String(repeating: "x", count: 60_000), status: 429),
                .refused(url: url, status: 429, message: String(repeating: "x", count: 1000))
            ),
            (.text("moved", status: 302), .refused(url: url, status: 302, message: "moved")),
            (
                HTTPResponse(status: 404, contentType: "text/plain", body: [0xFF, 0x41]),
                .refused(url: url, status: 404, message: "\u{FFFD}A")
            ),
        ]
        for (response, expected) in cases {
            await assertFails(try self.client(answering: response), expected)
        }
    }

    func testOnlyAWrongQuestionIsNotWorthRepeating() {
        for status in [302, 401, 403, 404, 429, 500, 503] {
            XCTAssertTrue(IDTokenError.refused(url: "", status: status, message: "").isTransient, "\(status)")
        }
        XCTAssertFalse(IDTokenError.refused(url: "", status: 400, message: "").isTransient)
        XCTAssertFalse(IDTokenError.otherAudience.isTransient)
        XCTAssertTrue(IDTokenError.malformedToken(.empty).isTransient)
    }

    func testTrustsNoAnswerWithoutTheServersHeader() async throws {
        let token = try await client(emulator()).idToken(audience: "aud").text
        let url = "http://h/computeMetadata/v1/instance/service-accounts/default/identity"
        await assertFails(
            try self.client(answering: .text(token, status: 200)),
            .notTheMetadataServer(url: url)
        )
        var response = HTTPResponse.text(token + "\n", status: 200)
        response.headers.add("metadata-flavor", "Google")
        let read = try await client(answering: response).idToken(audience: "aud")
        XCTAssertEqual(read.text, token)
    }

    func testRefusesWhatIsNoTokenOrOneForSomeoneElse() async throws {
        let token = try await client(emulator()).idToken(audience: "other").text
        let cases: [(String, IDTokenError)] = [
            ("", .malformedToken(.empty)), ("<html>", .malformedToken(.segmentCount(1))),
            (token, .otherAudience),
            ("e30.e30.c2ln", .malformedToken(.missingAlgorithm)),
            ("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", .missingExpiry),
        ]
        for (text, expected) in cases {
            var response = HTTPResponse.text(text, status: 200)
            response.headers.add("Metadata-Flavor", "Google")
            await assertFails(try self.client(answering: response), expected)
        }
    }

    func testATokenPrintsNothingOfItself() async throws {
        let token = try await client(emulator()).idToken(audience: "aud")
        for text in ["\(token)", String(reflecting: token), "\(Optional(token) as Any)"] {
            XCTAssertFalse(text.contains(token.text.prefix(20)), text)
        }
        var dumped = ""
        dump(token, to: &dumped)
        XCTAssertFalse(dumped.contains(token.text.prefix(20)), dumped)
    }

    func testRefusesAHostThatIsNone() {
        for host in ["", "a b", "h/path", "h:99999", "user@h", "h?q"] {
            XCTAssertThrowsError(
                try MetadataClient(host: host, timeout: .seconds(1)) { _ throws(HTTPClientError) in
                    .text("", status: 200)
                },
                host
            )
        }
    }
}
