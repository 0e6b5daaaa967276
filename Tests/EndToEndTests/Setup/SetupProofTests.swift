import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime
import XCTest

/// What `gtokenctl apply` made, as the clouds and their own tools see it.
final class SetupProofTests: XCTestCase {
    private static let binding = [
        "--project=demo-project", "--cluster-name=main", "--cluster-location=europe-west1",
        "--namespace=shop",
        "--service-account=orders", "--google-service-account=app@demo-project.iam.gserviceaccount.com",
        "--aws-role=orders", "--aws-policy=AmazonS3ReadOnlyAccess",
    ]

    func testThePodsTokenAssumesTheRoleUntilItIsRemoved() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await SetupStage()
        func assume(_ token: String) async throws -> Result<AssumedRole, AWSQueryError> {
            let url = try HTTPURL(parsing: try XCTUnwrap(stage.environment["AWS_ENDPOINT_URL"]))
            let client = STSClient(
                AWSEndpoint(.sts, url: url, signingRegion: "us-east-1"),
                clock: LoopClock(stage.loop),
                http: HTTPClient(loop: stage.loop)
            )
            let exchange = WebIdentityExchange(
                role: try RoleARN(parsing: "arn:aws:iam::123456789012:role/orders"),
                sessionName: try RoleSessionName(parsing: "proof"),
                token: token
            )
            do throws(AWSQueryError) {
                return .success(try await client.assumeRoleWithWebIdentity(exchange))
            } catch {
                return .failure(error)
            }
        }
        let ours = try stage.google.idToken(audience: TokenSourceConfiguration.defaultAudience)
        let foreign = try stage.google.idToken(audience: "https://somebody.else")
        guard case .failure = try await assume(ours) else { return XCTFail("a role that is not there") }
        let apply = try await stage.run(["apply"] + Self.binding)
        XCTAssertEqual(apply.status, 0, apply.errors)
        let assumed = try await assume(ours).get()
        XCTAssertEqual(assumed.arn, "arn:aws:sts::123456789012:assumed-role/orders/proof")
        guard case .failure(.refused(let refusal)) = try await assume(foreign), refusal.code == "AccessDenied"
        else {
            return XCTFail("a token for another audience")
        }
        let delete = try await stage.run(["delete", "--yes"] + Self.binding)
        XCTAssertEqual(delete.status, 0, delete.errors)
        XCTAssertTrue(delete.output.contains("gtokenctl did not make it"), "the account was there before")
        guard case .failure(.refused(let refusal)) = try await assume(ours), refusal.code == "AccessDenied"
        else {
            return XCTFail("the role is gone")
        }
        await stage.stop()
    }

    /// The guide's commands make a role that trusts `sub` alone, and let the account impersonate all of the project.
    func testTheCloudsOwnToolsSeeWhatTheGuideMakesOrTighter() async throws {
        for tool in ["kubectl", "aws", "gcloud"] {
            try XCTSkipUnless(BuiltTool.isInstalled(tool), "\(tool) is not installed")
        }
        let stage = try await SetupStage()
        let apply = try await stage.run(["apply"] + Self.binding)
        XCTAssertEqual(apply.status, 0, apply.errors)

        let role = try await stage.json(["aws", "iam", "get-role", "--role-name", "orders"])["Role"]
        let trust = try PolicyDocument(parsing: Array(XCTUnwrap(role?["AssumeRolePolicyDocument"]).rawBytes))
        let uniqueID = try GoogleUniqueID(parsing: "104387266351829007741")
        XCTAssertEqual(
            trust,
            TrustPolicy.google(uniqueID: uniqueID, audience: TokenSourceConfiguration.defaultAudience)
        )
        let policies = try await stage.json([
            "aws", "iam", "list-attached-role-policies", "--role-name", "orders",
        ])
        XCTAssertEqual(
            policies["AttachedPolicies"]?.elements.map { $0["PolicyArn"]?.string() },
            ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
        )

        let policy = try await stage.json([
            "gcloud", "iam", "service-accounts", "get-iam-policy", "app@demo-project.iam.gserviceaccount.com",
            "--format=json",
        ])
        let bindings = policy["bindings"]?.elements.map { $0 } ?? []
        let users = bindings.first { $0["role"]?.isString("roles/iam.workloadIdentityUser") == true }
        XCTAssertEqual(
            users?["members"]?.elements.map { $0.string() },
            ["serviceAccount:demo-project.svc.id.goog[shop/orders]"]
        )
        XCTAssertFalse(
            bindings.contains { $0["role"]?.isString("roles/iam.serviceAccountTokenCreator") == true },
            "the guide's grant, which the metadata server does not need"
        )

        let account = try await stage.json([
            "kubectl", "get", "serviceaccount", "orders", "-n", "shop", "-o", "json",
        ])
        let annotations = account["metadata"]?["annotations"]
        XCTAssertEqual(annotations?["amazonaws.com/role-arn"]?.string(), role?["Arn"]?.string())
        XCTAssertEqual(
            annotations?["iam.gke.io/gcp-service-account"]?.string(),
            "app@demo-project.iam.gserviceaccount.com"
        )
        await stage.stop()
    }

    func testWhatIsInTheWayIsSaidAndNothingIsHalfMadeUnsaid() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await SetupStage()
        var faults = AWSFaults()
        faults.denied = ["iam:AttachRolePolicy"]
        stage.aws.setFaults(faults)
        let denied = try await stage.run(["apply"] + Self.binding)
        XCTAssertEqual(denied.status, 77)
        XCTAssertTrue(denied.errors.contains("gtokenctl: error: AWS role orders:"), denied.errors)
        XCTAssertTrue(denied.errors.contains("AttachRolePolicy"), denied.errors)
        XCTAssertTrue(denied.errors.contains("not begun: ServiceAccount shop/orders"), denied.errors)
        XCTAssertNil(stage.annotations("shop", "orders"), "no Pod is pointed at a role that is not finished")
        // The role that is half made is finished.
        stage.aws.setFaults(AWSFaults())
        let healed = try await stage.run(["apply"] + Self.binding)
        XCTAssertEqual(healed.status, 0, healed.errors)
        XCTAssertTrue(healed.errors.contains("updated AWS role orders"), healed.errors)

        // Others change the policy each time that it is read.
        stage.google.cloud.change { $0.concurrentPolicyChanges = 5 }
        let contended = try await stage.run(["apply"] + SetupStage.binding)
        XCTAssertEqual(contended.status, 0, contended.errors)

        stage.google.cloud.change { $0.denials = [.init("iam.serviceAccounts.get")] }
        let forbidden = try await stage.run(["plan"] + Self.binding)
        XCTAssertEqual(forbidden.status, 77)
        XCTAssertTrue(forbidden.errors.contains("iam.serviceAccounts.get"), forbidden.errors)
        await stage.stop()
    }

    func testARoleThatIsHalfDeletedIsSaidToBeAndEndsEitherWay() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await SetupStage()
        let made = try await stage.run(["apply"] + Self.binding)
        XCTAssertEqual(made.status, 0, made.errors)
        var faults = AWSFaults()
        faults.denied = ["iam:DeleteRole"]
        stage.aws.setFaults(faults)
        // Its policies are gone by the time that the role itself is not to be removed.
        let half = try await stage.run(["delete", "--yes"] + Self.binding)
        XCTAssertEqual(half.status, 77)
        XCTAssertTrue(half.errors.contains("gtokenctl: error: AWS role orders:"), half.errors)
        XCTAssertTrue(half.errors.contains("DeleteRole"), half.errors)
        let status = try await stage.run(["status"] + Self.binding)
        XCTAssertEqual(status.status, 1)
        XCTAssertTrue(status.output.contains("AmazonS3ReadOnlyAccess"), status.output)
        stage.aws.setFaults(AWSFaults())
        for verb in [["apply"], ["status"], ["delete", "--yes"]] {
            let result = try await stage.run(verb + Self.binding)
            XCTAssertEqual(result.status, 0, "\(verb): \(result.output) \(result.errors)")
        }
        // The other way: what was half deleted is deleted.
        _ = try await stage.run(["apply"] + Self.binding)
        stage.aws.setFaults(faults)
        _ = try await stage.run(["delete", "--yes"] + Self.binding)
        stage.aws.setFaults(AWSFaults())
        let delete = try await stage.run(["delete", "--yes"] + Self.binding)
        XCTAssertEqual(delete.status, 0, delete.errors)
        let plan = try await stage.run(["plan"] + Self.binding)
        XCTAssertTrue(plan.output.contains("+ AWS role orders"), plan.output)
        await stage.stop()
    }
}

extension SetupStage {
    /// What another tool prints, as JSON; it is told where the stand-ins are.
    fileprivate func json(_ command: [String]) async throws -> JSONValue {
        var program = Program(command)
        program.environment = environment.merging([
            "CLOUDSDK_AUTH_ACCESS_TOKEN": environment["GOOGLE_OAUTH_ACCESS_TOKEN"] ?? "",
            "CLOUDSDK_CORE_PROJECT": Self.project, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
            "CLOUDSDK_CONFIG": (environment["HOME"] ?? "") + "/gcloud", "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_DEFAULT_REGION": "eu-west-1", "AWS_PAGER": "",
        ]) { _, new in new }
        let (loop, ready) = (loop, program)
        let result = try await withTaskExecutorPreference(loop) { try await ready.run(on: loop) }
        XCTAssertEqual(result.status, 0, String(decoding: result.errors, as: UTF8.self))
        return try JSONDocument(result.output).root
    }
}
