@testable import GTokenAdminClients
import GTokenClients
import GTokenCore
@testable import GTokenNet
import GTokenRuntime
import TestSupport
import XCTest

final class RecipeCredentialsTests: XCTestCase {
    private static let printed =
        #"{"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"secret","SessionToken":"token","#
        + #""Expiration":"2026-11-24T12:00:00Z"}"#
    private static let session = AWSCredentials(
        accessKeyID: "ASIA",
        secretAccessKey: "secret",
        sessionToken: "token",
        expiresAt: UnixTime(rfc3339: "2026-11-24T12:00:00Z")
    )

    /// Tools whose programs answer with what a test says, and keep what was run.
    private final class Stage: Sendable {
        let clock = ManualClock(UnixTime(seconds: 1_795_467_580))
        let ran = Locked<[[String]]>([])
        let asked = Locked<[HTTPClientRequest]>([])

        func tools(
            answer: HTTPResponse = .awsFailure(500, "unexpected"),
            run: @escaping @Sendable ([String]) throws(SubprocessError) -> Program.Result = {
                words
                    throws(SubprocessError) in throw .notStarted(program: words[0], errno: 2)
            }
        ) -> AWSCredentialTools {
            clock.letSleepsPass(for: .seconds(3600))
            return AWSCredentialTools(
                sts: AWSEndpoint(.sts, region: nil),
                clock: clock,
                transport: { [asked] request throws(HTTPClientError) in
                    asked.withLock { $0.append(request) }
                    return answer
                },
                run: { [ran] program throws(SubprocessError) in
                    ran.withLock { $0.append(program.arguments) }
                    return try run(program.arguments)
                }
            )
        }
    }

    private static func result(_ status: Int32, _ output: String, _ errors: String = "") -> Program.Result {
        Program.Result(status: status, output: Array(output.utf8), errors: Array(errors.utf8))
    }

    private func error(
        _ recipe: AWSCredentialRecipe,
        _ tools: AWSCredentialTools
    ) async -> AWSCredentialError? {
        do throws(AWSCredentialError) {
            _ = try await RecipeCredentials(recipe, tools).credentials()
            return nil
        } catch {
            return error
        }
    }

    func testTakesWhatAProgramPrints() async throws {
        let stage = Stage()
        let tools = stage.tools { _ in Self.result(0, Self.printed) }
        let recipe = AWSCredentialRecipe.program(["/opt/my tool", "a b"], profile: "p")
        let credentials = try await RecipeCredentials(recipe, tools).credentials()
        XCTAssertEqual(credentials, Self.session)
        XCTAssertEqual(stage.ran.withLock { $0 }, [["/opt/my tool", "a b"]])
    }

    func testSaysWhatIsWrongAboutAProgram() async {
        let name = "credential_process of AWS profile p"
        let cases: [(Program.Result, String)] = [
            (
                Self.result(3, "", "no\nlogin\u{7}"),
                "\(name) gave no AWS credentials: tool ended with status 3: no login"
            ),
            (Self.result(0, ""), "\(name) printed no AWS credentials: it is no JSON object"),
            (Self.result(0, "[]"), "\(name) printed no AWS credentials: it is no JSON object"),
            (Self.result(0, "{}"), "\(name) printed no AWS credentials: Version is not 1"),
            (Self.result(0, #"{"Version":2}"#), "\(name) printed no AWS credentials: Version is not 1"),
            (
                Self.result(0, #"{"Version":1}"#),
                "\(name) printed no AWS credentials: there is no AccessKeyId"
            ),
            (
                Self.result(0, #"{"Version":1,"AccessKeyId":"A"}"#),
                "\(name) printed no AWS credentials: there is no SecretAccessKey"
            ),
            (
                Self.result(0, #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"\n"}"#),
                "\(name) printed no AWS credentials: the key holds characters that no key has"
            ),
            (
                Self.result(0, #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"soon"}"#),
                "\(name) printed no AWS credentials: Expiration is not a time of RFC 3339"
            ),
        ]
        for (result, message) in cases {
            let error = await error(.program(["tool"], profile: "p"), Stage().tools { _ in result })
            XCTAssertEqual(error.map { "\($0)" }, message)
        }
        let missing = await error(.program(["tool"], profile: "p"), Stage().tools())
        XCTAssertEqual(
            missing.map { "\($0)" },
            "\(name) gave no AWS credentials: cannot run tool: No such file or directory"
        )
    }

    func testAsksTheAWSCLIForALogin() async throws {
        let stage = Stage()
        let tools = stage.tools { _ in Self.result(0, Self.printed) }
        for profile in ["sso", "default"] {
            let source = RecipeCredentials(.commandLine(profile: profile, login: "sso login"), tools)
            let credentials = try await source.credentials()
            XCTAssertEqual(credentials, Self.session)
        }
        let command = ["aws", "configure", "export-credentials", "--format", "process"]
        XCTAssertEqual(stage.ran.withLock { $0 }, [command + ["--profile", "sso"], command])
    }

    func testSaysWhatALoginNeeds() async {
        let oldUsage = "aws: error: argument subcommand: Invalid choice, valid choices are:\n\nlist | get"
        let expired = "Error when retrieving token from sso: Token has expired and refresh failed"
        let cases: [(String?, Program.Result?, String, String?)] = [
            (
                "sso login", Self.result(255, "", expired), "the login of AWS profile a b has expired",
                "log in again with 'aws sso login --profile 'a b''"
            ),
            (
                "sso login", Self.result(255, "", "Error loading SSO Token: Token for corp does not exist"),
                "the login of AWS profile a b has expired",
                "log in again with 'aws sso login --profile 'a b''"
            ),
            (
                "login",
                Self.result(255, "", "Your session has expired. Please reauthenticate using 'aws login'."),
                "the login of AWS profile a b has expired", "log in again with 'aws login --profile 'a b''"
            ),
            (
                "sso login", Self.result(255, "", "Could not connect to the endpoint URL"),
                "the AWS CLI gave no AWS credentials: aws ended with status 255: Could not connect to the endpoint URL",
                nil
            ),
            (
                "sso login", Self.result(2, "", oldUsage),
                "AWS profile a b needs 'aws configure export-credentials', which version 1 of the AWS CLI does not have",
                "install version 2 of the AWS CLI, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ),
            (
                "login", nil,
                "AWS profile a b needs 'aws configure export-credentials', and there is no AWS CLI",
                "install version 2 of the AWS CLI, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ),
            (
                nil, nil, "there are no AWS credentials in the environment or in profile a b",
                "log in with 'aws sso login' or 'aws configure', name a profile with --profile, or set "
                    + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ),
            (
                nil, Self.result(2, "", oldUsage),
                "there are no AWS credentials in the environment or in profile a b",
                "log in with 'aws sso login' or 'aws configure', name a profile with --profile, or set "
                    + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ),
            (
                nil, Self.result(1, "", "something else"),
                "the AWS CLI gave no AWS credentials: aws ended with status 1: something else", nil
            ),
        ]
        for (login, result, message, hint) in cases {
            let tools = Stage().tools { words throws(SubprocessError) in
                guard let result else { throw .notStarted(program: words[0], errno: 2) }
                return result
            }
            let error = await error(.commandLine(profile: "a b", login: login), tools)
            XCTAssertEqual(error.map { "\($0)" }, message)
            XCTAssertEqual(error?.hint, hint)
        }
    }

    func testAssumesARoleWithTheCredentialsBeneath() async throws {
        let stage = Stage()
        let tools = stage.tools(answer: .session("AssumeRole"))
        var settings = try Self.settings()
        settings.externalID = "x-1"
        settings.durationSeconds = 3600
        let recipe = AWSCredentialRecipe.assumeRole(settings, from: .fixed(ScriptedAWS.keys))
        let credentials = try await RecipeCredentials(recipe, tools).credentials()
        XCTAssertEqual(credentials, Self.session)
        let request = try XCTUnwrap(stage.asked.withLock { $0.first })
        XCTAssertEqual(
            HTTPForm(parsing: request.body),
            [
                "Action": "AssumeRole", "Version": "2011-06-15",
                "RoleArn": "arn:aws:iam::123456789012:role/deploy", "RoleSessionName": "me",
                "DurationSeconds": "3600", "ExternalId": "x-1",
            ]
        )
        XCTAssertTrue(request.headers["Authorization"]?.contains("AKIAEXAMPLE") ?? false)
    }

    func testAssumesARoleWithATokenFile() async throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("token", Array("header.claims.signature\n".utf8))
        let stage = Stage()
        let tools = stage.tools(answer: .session("AssumeRoleWithWebIdentity"))
        let recipe = AWSCredentialRecipe.webIdentity(try Self.settings(), tokenFile: file)
        let credentials = try await RecipeCredentials(recipe, tools).credentials()
        XCTAssertEqual(credentials, Self.session)
        let request = try XCTUnwrap(stage.asked.withLock { $0.first })
        XCTAssertEqual(HTTPForm(parsing: request.body)?["WebIdentityToken"], "header.claims.signature")
        XCTAssertNil(request.headers["Authorization"])
    }

    func testSaysWhichRoleIsRefused() async throws {
        let tools = Stage().tools(answer: .awsFailure(403, "AccessDenied", message: "no"))
        let error = await error(.assumeRole(try Self.settings(), from: .fixed(ScriptedAWS.keys)), tools)
        XCTAssertEqual(
            error.map { "\($0)" },
            "no session of arn:aws:iam::123456789012:role/deploy: AWS STS answered AssumeRole with 403 "
                + "AccessDenied: no"
        )
    }

    private static func settings() throws -> AWSRoleSettings {
        AWSRoleSettings(
            role: try RoleARN(parsing: "arn:aws:iam::123456789012:role/deploy"),
            sessionName: try RoleSessionName(parsing: "me")
        )
    }
}

extension HTTPResponse {
    /// A session of a role, as STS writes it.
    fileprivate static func session(_ action: String) -> HTTPResponse {
        .aws(
            action,
            "<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
                + "<SessionToken>token</SessionToken><Expiration>2026-11-24T12:00:00Z</Expiration></Credentials>"
        )
    }
}
