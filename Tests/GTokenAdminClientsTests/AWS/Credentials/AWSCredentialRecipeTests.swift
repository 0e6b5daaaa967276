@testable import GTokenAdminClients
import GTokenClients
import GTokenCore
import TestSupport
import XCTest

final class AWSCredentialRecipeTests: XCTestCase {
    private static let config = """
        [default]
        region = eu-west-1
        [profile keys]
        aws_access_key_id = AKIACONFIG
        aws_secret_access_key = config
        [profile both]
        region = us-east-2
        [profile process]
        credential_process = "/opt/my tool" --name 'a b'
        [profile sso]
        sso_session = corp
        sso_account_id = 123456789012
        [profile old-sso]
        sso_start_url = https://corp.awsapps.com/start
        [profile login]
        login_session = arn:aws:iam::123456789012:user/me
        [profile empty]
        region = us-east-1
        [profile web]
        role_arn = arn:aws:iam::123456789012:role/web
        web_identity_token_file = /token
        role_session_name = me
        [profile role]
        role_arn = arn:aws:iam::123456789012:role/deploy
        source_profile = keys
        external_id = x-1
        duration_seconds = 3600
        [profile chain]
        role_arn = arn:aws:iam::999999999999:role/far
        source_profile = role
        [profile over-sso]
        role_arn = arn:aws:iam::123456789012:role/deploy
        source_profile = sso
        [profile environment]
        role_arn = arn:aws:iam::123456789012:role/deploy
        credential_source = Environment
        [profile machine]
        role_arn = arn:aws:iam::123456789012:role/deploy
        credential_source = Ec2InstanceMetadata
        [profile self]
        role_arn = arn:aws:iam::123456789012:role/deploy
        source_profile = self
        aws_access_key_id = AKIASELF
        aws_secret_access_key = self
        [profile mfa]
        role_arn = arn:aws:iam::123456789012:role/deploy
        source_profile = keys
        mfa_serial = arn:aws:iam::123456789012:mfa/me
        [profile loop-a]
        role_arn = arn:aws:iam::123456789012:role/a
        source_profile = loop-b
        [profile loop-b]
        role_arn = arn:aws:iam::123456789012:role/b
        source_profile = loop-a
        [profile alone]
        role_arn = arn:aws:iam::123456789012:role/deploy
        source_profile = alone
        [profile lost]
        role_arn = arn:aws:iam::123456789012:role/deploy
        source_profile = nowhere
        [profile none]
        role_arn = arn:aws:iam::123456789012:role/deploy
        [profile two]
        role_arn = arn:aws:iam::123456789012:role/deploy
        source_profile = keys
        credential_source = Environment
        [profile half]
        aws_access_key_id = AKIAHALF
        [profile bad-role]
        role_arn = deploy
        source_profile = keys
        [profile bad-time]
        role_arn = arn:aws:iam::123456789012:role/deploy
        source_profile = keys
        duration_seconds = 60
        [profile bad-quote]
        credential_process = tool "x
        [profile bad-key]
        aws_access_key_id = AKIA
        aws_secret_access_key = a
          b
        """
    private static let credentials = """
        [both]
        aws_access_key_id = AKIABOTH
        aws_secret_access_key = both
        aws_session_token = token
        """

    private static func fixed(_ id: String, _ secret: String, _ token: String? = nil) -> AWSCredentialRecipe {
        .fixed(AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token))
    }

    private static func role(
        _ arn: String,
        _ name: String = "gtokenctl",
        externalID: String? = nil,
        seconds: Int? = nil
    ) throws -> AWSRoleSettings {
        AWSRoleSettings(
            role: try RoleARN(parsing: "arn:aws:iam::\(arn)"),
            sessionName: try RoleSessionName(parsing: name),
            externalID: externalID,
            durationSeconds: seconds
        )
    }

    private func recipe(
        _ profile: String?,
        _ variables: [String: String] = [:]
    ) throws(AWSCredentialError) -> AWSCredentialRecipe {
        var variables = variables
        variables["AWS_CONFIG_FILE"] = folder.file("config")
        variables["AWS_SHARED_CREDENTIALS_FILE"] = folder.file("credentials")
        return try AWSCredentialRecipe(
            profile: profile,
            profiles: AWSProfiles(environment: variables),
            environment: AWSEnvironment(variables)
        )
    }

    private let folder: TemporaryDirectory = {
        guard let folder = try? TemporaryDirectory() else { preconditionFailure("no temporary directory") }
        return folder
    }()

    override func setUpWithError() throws {
        _ = try folder.write("config", Array(Self.config.utf8))
        _ = try folder.write("credentials", Array(Self.credentials.utf8))
    }

    func testFindsCredentialsWhereTheAWSCLIDoes() throws {
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "env"]
        let env = Self.fixed("AKIAENV", "env")
        let web = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/pod",
            "AWS_ROLE_SESSION_NAME": "pod-1",
        ]
        let deploy = try Self.role("123456789012:role/deploy")
        let source = AWSCredentialRecipe.assumeRole(
            try Self.role("123456789012:role/deploy", externalID: "x-1", seconds: 3600),
            from: Self.fixed("AKIACONFIG", "config")
        )
        let cases: [(String?, [String: String], AWSCredentialRecipe)] = [
            (nil, keys, env), (nil, keys.merging(web) { $1 }, env),
            (nil, keys.merging(["AWS_SESSION_TOKEN": "t"]) { $1 }, Self.fixed("AKIAENV", "env", "t")),
            (nil, keys.merging(["AWS_PROFILE": "both"]) { $1 }, env),
            (
                nil, web,
                .webIdentity(try Self.role("123456789012:role/pod", "pod-1"), tokenFile: "/t")
            ),
            ("keys", keys.merging(web) { $1 }, Self.fixed("AKIACONFIG", "config")),
            (nil, ["AWS_PROFILE": "both"], Self.fixed("AKIABOTH", "both", "token")),
            (nil, ["AWS_DEFAULT_PROFILE": "both"], Self.fixed("AKIABOTH", "both", "token")),
            (nil, ["AWS_ACCESS_KEY_ID": ""], .commandLine(profile: "default", login: nil)),
            ("empty", [:], .commandLine(profile: "empty", login: nil)),
            ("process", [:], .program(["/opt/my tool", "--name", "a b"], profile: "process")),
            ("sso", [:], .commandLine(profile: "sso", login: "sso login")),
            ("old-sso", [:], .commandLine(profile: "old-sso", login: "sso login")),
            ("login", [:], .commandLine(profile: "login", login: "login")),
            ("web", [:], .webIdentity(try Self.role("123456789012:role/web", "me"), tokenFile: "/token")),
            ("role", [:], source),
            ("chain", [:], .assumeRole(try Self.role("999999999999:role/far"), from: source)),
            ("over-sso", [:], .assumeRole(deploy, from: .commandLine(profile: "sso", login: "sso login"))),
            ("environment", keys, .assumeRole(deploy, from: env)),
            ("machine", [:], .commandLine(profile: "machine", login: nil)),
            ("self", [:], .assumeRole(deploy, from: Self.fixed("AKIASELF", "self"))),
        ]
        for (index, (profile, variables, expected)) in cases.enumerated() {
            XCTAssertEqual(try recipe(profile, variables), expected, "\(index) \(profile ?? "-")")
        }
    }

    func testSaysWhatIsWrongAndWhatToDo() {
        let cases: [(String?, [String: String], String, String?)] = [
            ("absent", [:], "there is no AWS profile absent", "see 'aws configure list-profiles'"),
            (
                nil, ["AWS_PROFILE": "absent"], "there is no AWS profile absent",
                "see 'aws configure list-profiles'"
            ),
            (
                nil, ["AWS_ACCESS_KEY_ID": "AKIA"],
                "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not", "set AWS_SECRET_ACCESS_KEY too"
            ),
            (
                nil, ["AWS_WEB_IDENTITY_TOKEN_FILE": "/t"],
                "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not", "set AWS_ROLE_ARN too"
            ),
            (
                nil, ["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "a\nb"],
                "AWS_ACCESS_KEY_ID: the key holds characters that no key has", nil
            ),
            (
                "mfa", [:],
                "AWS profile mfa: mfa_serial asks for a code that a person has to type in, which is not supported",
                "get a session first: eval \"$(aws configure export-credentials --profile mfa --format env)\" with "
                    + "version 2 of the AWS CLI"
            ),
            ("loop-a", [:], "AWS profile loop-a: source_profile leads in a circle", nil),
            ("alone", [:], "AWS profile alone: source_profile leads in a circle", nil),
            ("lost", [:], "AWS profile lost: source_profile names nowhere, which is not there", nil),
            (
                "none", [:],
                "AWS profile none: role_arn needs source_profile, credential_source or web_identity_token_file",
                nil
            ),
            (
                "two", [:],
                "AWS profile two: role_arn has more than one of source_profile, credential_source and "
                    + "web_identity_token_file", nil
            ),
            ("half", [:], "AWS profile half: aws_secret_access_key is missing", nil),
            (
                "bad-time", [:],
                "AWS profile bad-time: duration_seconds: it is not a number from 900 to 43200",
                nil
            ),
            (
                "bad-quote", [:],
                "AWS profile bad-quote: credential_process: a quotation in it is not closed", nil
            ),
            (
                "bad-key", [:],
                "AWS profile bad-key: aws_access_key_id: the key holds characters that no key has", nil
            ),
            (
                "environment", [:],
                "AWS profile environment: AWS_ACCESS_KEY_ID, which credential_source names, is missing", nil
            ),
        ]
        for (profile, variables, message, hint) in cases {
            XCTAssertThrowsError(try recipe(profile, variables), message) { error in
                XCTAssertEqual("\(error)", message)
                XCTAssertEqual((error as? AWSCredentialError)?.hint, hint, message)
            }
        }
        XCTAssertThrowsError(try recipe("bad-role")) { error in
            XCTAssertTrue(
                "\(error)".hasPrefix("AWS profile bad-role: role_arn: expected a role ARN"),
                "\(error)"
            )
        }
    }

    func testSaysWhichLineOfWhichFileIsWrong() throws {
        _ = try folder.write("config", Array("[profile a]\nnonsense\n".utf8))
        XCTAssertThrowsError(try recipe("a")) { error in
            XCTAssertEqual(
                "\(error)",
                "\(folder.file("config")), line 2: expected NAME = VALUE or [SECTION]"
            )
        }
    }

    func testAChainOfRolesHasAnEnd() throws {
        var text = "[profile p0]\naws_access_key_id = AKIA\naws_secret_access_key = s\n"
        for number in 1...20 {
            text +=
                "[profile p\(number)]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = p\(number - 1)\n"
        }
        _ = try folder.write("config", Array(text.utf8))
        XCTAssertNoThrow(try recipe("p8"))
        XCTAssertThrowsError(try recipe("p20")) { error in
            XCTAssertEqual(error as? AWSCredentialError, .profile("p20", .circle))
        }
    }

    func testPrintsNoSecret() throws {
        var dumped = ""
        dump(try recipe("role"), to: &dumped)
        dump(try AWSProfiles(environment: ["AWS_CONFIG_FILE": folder.file("config")])["keys"], to: &dumped)
        XCTAssertFalse(dumped.contains("\"config\""), dumped)
    }
}
