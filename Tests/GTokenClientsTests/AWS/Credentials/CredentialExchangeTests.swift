import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenRuntime
import TestSupport
import XCTest

final class CredentialExchangeTests: XCTestCase {
    private static let throttled = AWSFailure(status: 400, code: "Throttling", message: "Rate exceeded")

    func testExchangesATokenForTheRolesCredentials() async throws {
        let stage = try CredentialStage()
        let credentials = try await stage.exchange { $0.duration = .seconds(900) }.credentials()
        XCTAssertEqual(credentials.accountID, "123456789012")
        XCTAssertEqual(credentials.issuedAt, stage.clock.now())
        XCTAssertEqual(credentials.expiresAt, stage.clock.now() + .seconds(900))
        let identity = try await stage.sts().getCallerIdentity(
            with: AWSCredentials(
                accessKeyID: credentials.accessKeyID,
                secretAccessKey: credentials.secretAccessKey,
                sessionToken: credentials.sessionToken
            )
        )
        XCTAssertEqual(identity.arn, "arn:aws:sts::123456789012:assumed-role/app/pod-1")
    }

    func testGoesOnToASecondRole() async throws {
        let stage = try CredentialStage()
        let credentials = try await stage.exchange {
            $0.chain = try? stage.chain()
            $0.chain?.tags = [SessionTag(key: "team", value: "reports")].compactMap { $0 }
            $0.chain?.sourceIdentity = "alice"
            $0.duration = .seconds(1800)
            $0.policyARNs = ["arn:aws:iam::210987654321:policy/Boundary"]
        }.credentials()
        XCTAssertEqual(credentials.accountID, "210987654321")
        XCTAssertEqual(credentials.expiresAt, stage.clock.now() + .seconds(1800))
        // A policy of the second account would have been refused by the first role's.
        XCTAssertEqual(stage.asked, ["AssumeRoleWithWebIdentity", "AssumeRole"])
    }

    func testRepeatsWhatMayPass() async throws {
        let failures = [
            Self.throttled, AWSFailure(status: 400, code: "IDPCommunicationError", message: "Timeout"),
            AWSFailure(
                status: 400,
                code: "InvalidIdentityToken",
                message: "Couldn't retrieve verification key from your identity provider"
            ),
            AWSFailure(status: 503, code: "ServiceUnavailable", message: ""),
        ]
        let stage = try CredentialStage()
        stage.clock.letSleepsPass(for: .seconds(60))
        stage.aws.failNext(failures)
        let credentials = try await stage.exchange().credentials()
        XCTAssertEqual(credentials.accountID, "123456789012")
        XCTAssertEqual(stage.asked.count, 5)
        XCTAssertEqual(stage.clock.sleeps.count, 4)
        XCTAssertTrue(stage.clock.sleeps.allSatisfy { .milliseconds(50) ... .seconds(5) ~= $0 })
    }

    func testGivesUpAfterAFewTries() async throws {
        let stage = try CredentialStage()
        stage.clock.letSleepsPass(for: .seconds(60))
        stage.aws.failNext(Array(repeating: Self.throttled, count: 10))
        let error = try await failure(of: stage.exchange())
        XCTAssertEqual(error.awsCode, "Throttling")
        XCTAssertEqual(ToolError(error).exitCode, .unavailable)
        XCTAssertEqual(stage.asked.count, CredentialExchange.maxAttempts)
    }

    func testRepeatsNoRefusal() async throws {
        let stage = try CredentialStage()
        let other = try RoleARN(parsing: "arn:aws:iam::123456789012:role/other")
        let cases: [(String, String, (inout CredentialConfiguration) -> Void)] = [
            (
                "cannot assume \(other): AWS STS answered AssumeRoleWithWebIdentity with 403 AccessDenied: Not auth",
                "trust policy",
                { $0.role = other }
            ),
            (
                "cannot assume \(stage.second) as \(stage.first): AWS STS answered AssumeRole with 403 AccessDenied: User: "
                    + "arn:aws:sts::123456789012:assumed-role/app/pod-1 is not authorized to perform: sts:AssumeRole",
                "must allow sts:AssumeRole to \(stage.first)",
                {
                    $0.chain = try? stage.chain()
                    $0.chain?.externalID = "4712"
                }
            ),
            (
                "cannot assume \(stage.second) as \(stage.first): AWS STS answered AssumeRole with 400 ValidationError: The requested "
                    + "DurationSeconds exceeds the 1 hour session limit",
                "an hour for a second role",
                {
                    $0.chain = try? stage.chain()
                    $0.duration = .seconds(3601)
                }
            ),
            (
                "cannot assume \(stage.first): AWS STS answered AssumeRoleWithWebIdentity with 400 ValidationError: arn:aws:iam::1:policy/P is inv",
                "", { $0.policyARNs = ["arn:aws:iam::1:policy/P"] }
            ),
        ]
        for (message, hint, change) in cases {
            let tool = ToolError(try await failure(of: stage.exchange(change)))
            XCTAssertTrue(tool.message.hasPrefix(message), tool.message)
            XCTAssertTrue(tool.hint?.contains(hint) ?? hint.isEmpty, tool.hint ?? "none")
            XCTAssertEqual(tool.exitCode, .refused)
        }
        XCTAssertEqual(stage.clock.sleeps, [])
    }

    func testSaysWhyThereIsNoToken() async throws {
        let stage = try CredentialStage()
        let cause = ToolError("no ID token: gone", hint: "look", exitCode: .configuration)
        let exchange = try stage.exchange(token: { () async throws(ToolError) in throw cause })
        let error = try await failure(of: exchange)
        XCTAssertEqual(ToolError(error), cause)
        XCTAssertEqual(stage.asked, [])
    }

    func testAnExpiredTokenIsAWSsToRefuse() async throws {
        let stage = try CredentialStage()
        let token = try CredentialStage.token(stage.google)
        stage.clock.advance(by: .seconds(3601))
        let exchange = try stage.exchange(token: { () async throws(ToolError) in token })
        let tool = ToolError(try await failure(of: exchange))
        XCTAssertTrue(tool.message.contains("400 ExpiredTokenException: Token expired"), tool.message)
        XCTAssertTrue(tool.hint?.hasPrefix("the token has expired") ?? false)
        XCTAssertFalse("\(tool)".contains(token.suffix(20)))
    }

    private func failure(of exchange: CredentialExchange) async throws -> CredentialExchangeError {
        do throws(CredentialExchangeError) {
            _ = try await exchange.credentials()
        } catch {
            return error
        }
        XCTFail("there are credentials")
        throw CancellationError()
    }
}
