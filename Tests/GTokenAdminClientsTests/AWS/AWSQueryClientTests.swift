import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

final class AWSQueryClientTests: XCTestCase {
    private static let call = AWSQueryCall("GetRole", ["RoleName": "app"], isRead: true)

    func testSendsASignedForm() async throws {
        let aws = ScriptedAWS { _, _ in .aws("GetRole") }
        _ = try await aws.query.answer(to: Self.call)
        let request = try XCTUnwrap(aws.requests.first)
        XCTAssertEqual(request.url.description, "https://iam.amazonaws.com/")
        XCTAssertEqual(
            aws.forms,
            [["Action": "GetRole", "Version": "2010-05-08", "RoleName": "app"]]
        )
        let field = try XCTUnwrap(request.headers["Authorization"])
        XCTAssertTrue(field.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/"), field)
        XCTAssertTrue(field.contains("/us-east-1/iam/aws4_request"), field)
    }

    func testRepeatsWhatMayHelpAndNothingElse() async throws {
        let cases: [(HTTPResponse, Int)] = [
            (.awsFailure(400, "Throttling"), 3), (.awsFailure(503, "ServiceUnavailable"), 3),
            (.awsFailure(500, "ServiceFailure"), 3), (.awsFailure(409, "ConcurrentModification"), 3),
            (.awsFailure(409, "EntityTemporarilyUnmodifiable"), 3),
            (HTTPResponse(status: 502, contentType: "text/html", body: Array("<html>".utf8)), 3),
            (.awsFailure(404, "NoSuchEntity"), 1), (.awsFailure(409, "EntityAlreadyExists"), 1),
            (.awsFailure(403, "AccessDenied"), 1), (.awsFailure(409, "DeleteConflict"), 1),
            (.awsFailure(409, "LimitExceeded"), 1), (.awsFailure(400, "ValidationError"), 1),
            (.awsFailure(403, "InvalidClientTokenId"), 1), (.awsFailure(403, "SignatureDoesNotMatch"), 1),
            (HTTPResponse(status: 200, contentType: "text/html", body: Array("<html/>".utf8)), 1),
        ]
        for (refusal, expected) in cases {
            let aws = ScriptedAWS { number, _ in number < 2 ? refusal : .aws("GetRole") }
            let answer = try? await aws.query.answer(to: Self.call)
            XCTAssertEqual(aws.requests.count, expected, refusal.text)
            XCTAssertEqual(answer != nil, expected == 3, refusal.text)
            XCTAssertEqual(aws.query.requestCount, expected)
        }
    }

    func testRepeatsAfterALostConnection() async throws {
        let aws = ScriptedAWS { number, _ throws(HTTPClientError) in
            if number == 0 { throw .closedEarly(url: "https://iam.amazonaws.com/") }
            return .aws("GetRole")
        }
        _ = try await aws.query.answer(to: Self.call)
        XCTAssertEqual(aws.requests.count, 2)
    }

    func testGivesUpWhenItsTimeIsOver() async throws {
        var limits = AWSQueryClient.Limits()
        limits.patience = .seconds(60)
        let aws = ScriptedAWS(limits: limits) { _, _ in .awsFailure(503, "ServiceUnavailable") }
        let start = aws.clock.now()
        let error = await awsError {
            _ = try await aws.query.answer(to: Self.call)
        }
        XCTAssertEqual(
            error.map { "\($0)" },
            "AWS IAM answered GetRole with 503 ServiceUnavailable: words of AWS"
        )
        XCTAssertLessThan(aws.clock.now().duration(since: start), .seconds(60))
        XCTAssertGreaterThan(aws.requests.count, 3)
        XCTAssertLessThan(aws.requests.count, 100)
    }

    func testManyCallsWaitForAnOutageTogether() async throws {
        var limits = AWSQueryClient.Limits()
        limits.patience = .seconds(60)
        let isDown = Locked(true)
        let aws = ScriptedAWS(limits: limits) { _, _ in
            isDown.withLock { $0 } ? .awsFailure(503, "ServiceUnavailable") : .aws("GetRole")
        }
        let start = aws.clock.now()
        for _ in 0..<100 {
            let error = await awsError { _ = try await aws.query.answer(to: Self.call) }
            XCTAssertEqual(error?.hint, "run the command again: what is done already is kept")
        }
        // The pace of calls takes a little more.
        XCTAssertLessThan(aws.clock.now().duration(since: start), .seconds(90))
        // The next call finds it well, and an outage after that is waited for anew.
        isDown.withLock { $0 = false }
        _ = try await aws.query.answer(to: Self.call)
        isDown.withLock { $0 = true }
        let again = aws.clock.now()
        _ = await awsError { _ = try await aws.query.answer(to: Self.call) }
        XCTAssertGreaterThan(aws.clock.now().duration(since: again), .seconds(30))
    }

    func testSignsWithTheServersTimeWhenItsOwnIsRefused() async throws {
        for (code, message) in [
            ("RequestExpired", "Request has expired"),
            ("SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier than"),
        ] {
            let aws = ScriptedAWS { number, _ in
                number == 0
                    ? .awsFailure(403, code, message: message, date: "Fri, 01 Jan 2027 00:00:00 GMT")
                    : .aws("GetRole")
            }
            _ = try await aws.query.answer(to: Self.call)
            _ = try await aws.query.answer(to: Self.call)
            let dates = aws.requests.map { $0.headers["X-Amz-Date"] ?? "" }
            XCTAssertEqual(dates.count, 3)
            XCTAssertEqual(dates[0], SigV4Scope.timestamp(aws.clock.now()))
            XCTAssertEqual(Array(dates[1...]), ["20270101T000000Z", "20270101T000000Z"], code)
        }
    }

    func testCorrectsItsClockOnlyOnce() async throws {
        let aws = ScriptedAWS { _, _ in
            .awsFailure(403, "RequestExpired", date: "Fri, 01 Jan 2027 00:00:00 GMT")
        }
        let error = await awsError { _ = try await aws.query.answer(to: Self.call) }
        XCTAssertEqual(error?.kind, .clockSkew)
        XCTAssertEqual(aws.requests.count, 2)
    }

    func testReplacesCredentialsThatAreRefusedOnce() async throws {
        let source = NumberedCredentials()
        let aws = ScriptedAWS(source: source) { number, _ in
            number == 0 ? .awsFailure(403, "ExpiredToken") : .aws("GetRole")
        }
        _ = try await aws.query.answer(to: Self.call)
        XCTAssertEqual(source.count, 2)
        XCTAssertEqual(aws.requests.count, 2)
        let refusing = ScriptedAWS(source: NumberedCredentials()) { _, _ in
            .awsFailure(403, "ExpiredToken")
        }
        let error = await awsError { _ = try await refusing.query.answer(to: Self.call) }
        XCTAssertEqual(error?.kind, .badCredentials)
        XCTAssertEqual(refusing.requests.count, 2)
    }

    func testNeverQuotesTheKey() async throws {
        let aws = ScriptedAWS { _, _ in
            .awsFailure(400, "ValidationError", message: "you sent \(ScriptedAWS.secret)")
        }
        let error = await awsError { _ = try await aws.query.answer(to: Self.call) }
        XCTAssertEqual(
            error.map { "\($0)" },
            "AWS IAM answered GetRole with 400 ValidationError: you sent ***"
        )
    }
}

/// Credentials out of thin air, each with a number.
final class NumberedCredentials: AWSCredentialsSource {
    private let given = Locked(0)
    private let life: Duration?
    private let clock: (any Clock)?

    init(life: Duration? = nil, clock: (any Clock)? = nil) {
        self.life = life
        self.clock = clock
    }

    var count: Int { given.withLock { $0 } }
    var isRenewable: Bool { true }

    func credentials() async throws(AWSCredentialError) -> AWSCredentials {
        let number = given.withLock { given in
            given += 1
            return given
        }
        return AWSCredentials(
            accessKeyID: "ASIA\(number)",
            secretAccessKey: ScriptedAWS.secret,
            expiresAt: clock.flatMap { clock in life.map { clock.now() + $0 } }
        )
    }
}
