import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport
import XCTest

final class CallerIdentityTests: XCTestCase {
    private static let signer = SigV4(sha256: Crypto.sha256, hmacSHA256: { Crypto.hmacSHA256(key: $0, $1) })

    func testNamesTheSessionThatSigned() async throws {
        let fixture = try EmulatorFixture()
        let credentials = try await Self.credentials(fixture)
        let response = await fixture.aws.respond(to: Self.request(credentials, at: fixture.clock.now()))
        XCTAssertEqual(response.status, 200, response.text)
        XCTAssertEqual(
            EmulatorFixture.element("Arn", in: response),
            "arn:aws:sts::123456789012:assumed-role/app-role/pod-1"
        )
        XCTAssertEqual(EmulatorFixture.element("Account", in: response), "123456789012")
        XCTAssertTrue(EmulatorFixture.element("UserId", in: response)?.hasSuffix(":pod-1") ?? false)
    }

    func testRefusesWhatIsNotSignedRight() async throws {
        let fixture = try EmulatorFixture()
        let credentials = try await Self.credentials(fixture)
        let now = fixture.clock.now()
        func changed(_ change: (inout AWSCredentials) -> Void) -> HTTPRequest {
            var other = credentials
            change(&other)
            return Self.request(other, at: now)
        }
        func altered(_ change: (inout HTTPRequest) -> Void) -> HTTPRequest {
            var request = Self.request(credentials, at: now)
            change(&request)
            return request
        }
        let cases: [(HTTPRequest, Int, String)] = [
            (altered { $0.headers.remove("Authorization") }, 403, "MissingAuthenticationToken"),
            (altered { $0.headers.set("Authorization", "Bearer x") }, 400, "IncompleteSignature"),
            (altered { $0.headers.remove("X-Amz-Date") }, 400, "IncompleteSignature"),
            (altered { $0.headers.set("X-Amz-Date", "yesterday") }, 400, "IncompleteSignature"),
            (changed { $0.accessKeyID = "ASIAFORGED" }, 403, "InvalidClientTokenId"),
            (changed { $0.sessionToken = "forged" }, 403, "InvalidClientTokenId"),
            (changed { $0.sessionToken = nil }, 403, "InvalidClientTokenId"),
            (changed { $0.secretAccessKey = "forged" }, 403, "SignatureDoesNotMatch"),
            (altered { $0.body.append(contentsOf: "&X=1".utf8) }, 403, "SignatureDoesNotMatch"),
            (altered { $0.headers.set("Host", "sts.evil.example") }, 403, "SignatureDoesNotMatch"),
            (altered { $0.target = "/other" }, 403, "SignatureDoesNotMatch"),
            (altered { $0.headers.add("X-Amz-Note", "not signed") }, 403, "SignatureDoesNotMatch"),
            (altered { $0.headers.remove("Content-Type") }, 400, "MalformedQueryString"),
            (Self.request(credentials, at: now, service: "iam"), 403, "SignatureDoesNotMatch"),
            (Self.request(credentials, at: now - .seconds(901)), 403, "SignatureDoesNotMatch"),
            (Self.request(credentials, at: now + .seconds(901)), 403, "SignatureDoesNotMatch"),
        ]
        for (index, (request, status, code)) in cases.enumerated() {
            let response = await fixture.aws.respond(to: request)
            XCTAssertEqual(response.status, status, "\(index)")
            XCTAssertEqual(EmulatorFixture.element("Code", in: response), code, "\(index)")
        }
    }

    func testForgivesAClockThatIsAQuarterOfAnHourOff() async throws {
        let fixture = try EmulatorFixture()
        let credentials = try await Self.credentials(fixture)
        for offset in [-900, 900] {
            let time = fixture.clock.now() + .seconds(offset)
            let response = await fixture.aws.respond(to: Self.request(credentials, at: time))
            XCTAssertEqual(response.status, 200, "\(offset)")
        }
        let late = await fixture.aws.respond(
            to: Self.request(credentials, at: fixture.clock.now() - .seconds(901))
        )
        XCTAssertEqual(
            EmulatorFixture.element("Message", in: late),
            "Signature expired: 20261123T204439Z is now earlier than 20261123T204440Z "
                + "(20261123T205940Z - 15 min.)"
        )
    }

    func testRefusesAHeaderThatIsSaidToBeSignedAndIsNotThere() async throws {
        let fixture = try EmulatorFixture()
        let credentials = try await Self.credentials(fixture)
        var request = Self.request(credentials, at: fixture.clock.now())
        let field = try XCTUnwrap(request.headers["Authorization"])
        request.headers.set(
            "Authorization",
            field.replacing("SignedHeaders=content-type", with: "SignedHeaders=absent;content-type")
        )
        let response = await fixture.aws.respond(to: request)
        XCTAssertEqual(EmulatorFixture.element("Code", in: response), "SignatureDoesNotMatch")
        XCTAssertTrue(response.text.contains("SignedHeader"))
    }

    func testRefusesAnUnsignedHost() async throws {
        let fixture = try EmulatorFixture()
        let credentials = try await Self.credentials(fixture)
        let now = fixture.clock.now()
        var request = Self.request(credentials, at: now, signsHost: false)
        request.headers.add("Host", "sts.amazonaws.com")
        let response = await fixture.aws.respond(to: request)
        XCTAssertEqual(EmulatorFixture.element("Code", in: response), "SignatureDoesNotMatch")
        XCTAssertTrue(response.text.contains("SignedHeader"))
    }

    func testCredentialsEndWhenTheySay() async throws {
        let fixture = try EmulatorFixture()
        let credentials = try await Self.credentials(fixture)
        fixture.clock.advance(by: .seconds(3599))
        let good = await fixture.aws.respond(to: Self.request(credentials, at: fixture.clock.now()))
        XCTAssertEqual(good.status, 200)
        fixture.clock.advance(by: .seconds(1))
        let expired = await fixture.aws.respond(to: Self.request(credentials, at: fixture.clock.now()))
        XCTAssertEqual(expired.status, 403)
        XCTAssertEqual(EmulatorFixture.element("Code", in: expired), "ExpiredToken")
    }

    private static func credentials(_ fixture: EmulatorFixture) async throws -> AWSCredentials {
        let response = try await fixture.assumeRole()
        return AWSCredentials(
            accessKeyID: try XCTUnwrap(EmulatorFixture.element("AccessKeyId", in: response)),
            secretAccessKey: try XCTUnwrap(EmulatorFixture.element("SecretAccessKey", in: response)),
            sessionToken: try XCTUnwrap(EmulatorFixture.element("SessionToken", in: response))
        )
    }

    private static func request(
        _ credentials: AWSCredentials,
        at time: UnixTime,
        service: String = "sts",
        signsHost: Bool = true
    ) -> HTTPRequest {
        let form: HTTPForm = ["Action": "GetCallerIdentity", "Version": "2011-06-15"]
        var plain = EmulatorFixture.post(form)
        if !signsHost { plain.headers.remove("Host") }
        var signed = SigV4Request(
            method: "POST",
            path: "/",
            headers: plain.headers.map { ($0.name, $0.value) },
            body: plain.body
        )
        signer.sign(&signed, with: credentials, region: "us-east-1", service: service, at: time)
        var headers = HTTPHeaders()
        for (name, value) in signed.headers { headers.add(name, value) }
        return HTTPRequest(method: "POST", target: "/", headers: headers, body: plain.body)
    }
}
