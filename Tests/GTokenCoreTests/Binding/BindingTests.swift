import GTokenCore
import XCTest

final class BindingTests: XCTestCase {
    private func binding(
        _ arguments: [String],
        _ environment: [String: String] = [:]
    ) throws(ConfigurationError) -> Binding {
        let tool = CommandSpecification("tool", summary: "Test", groups: BindingFields.groups)
        let settings = Settings(try CommandLineParser(tool).parse(arguments), environment: environment)
        return try Binding(BindingSettings(settings, inlinePolicies: [:]))
    }

    private let guide = [
        "PROJECT_ID": "my-project", "CLUSTER_NAME": "main", "CLUSTER_LOCATION": "europe-west1-b",
        "GSA_NAME": "orders-gsa", "KSA_NAME": "orders", "KSA_NAMESPACE": "shop",
        "AWS_ROLE_NAME": "orders-role",
        "AWS_POLICY_NAME": "AmazonSQSFullAccess,AmazonS3ReadOnlyAccess",
    ]

    func testTakesTheGuidesVariables() throws {
        let binding = try binding([], guide)
        XCTAssertEqual(binding.identity, .google)
        XCTAssertEqual("\(binding.cluster)", "projects/my-project/locations/europe-west1-b/clusters/main")
        XCTAssertEqual("\(binding.serviceAccount)", "shop/orders")
        XCTAssertEqual(
            binding.googleServiceAccount?.description,
            "orders-gsa@my-project.iam.gserviceaccount.com"
        )
        XCTAssertEqual("\(binding.role.name)", "orders-role")
        XCTAssertEqual(
            binding.role.policies,
            [.name("AmazonSQSFullAccess"), .name("AmazonS3ReadOnlyAccess")]
        )
        XCTAssertFalse(binding.usesIAMCredentials)
    }

    func testOptionsComeBeforeVariables() throws {
        let binding = try binding(
            [
                "--google-service-account=other@project-2.iam.gserviceaccount.com", "--aws-policy=A",
                "--aws-policy=B",
                "-n", "other", "--tag", "team=a=b", "--sts-regional-endpoints=false",
            ],
            guide
        )
        XCTAssertEqual(binding.googleServiceAccount?.project?.description, "project-2")
        XCTAssertEqual(binding.role.policies, [.name("A"), .name("B")])
        XCTAssertEqual(binding.serviceAccount.namespace, "other")
        XCTAssertEqual(binding.role.tags, ["team": "a=b"])
        XCTAssertEqual(binding.podSettings.usesRegionalSTS, false)
    }

    func testIdentityClusterNeedsNoGoogleAccount() throws {
        var environment = guide
        environment["GSA_NAME"] = nil
        XCTAssertNil(try binding(["--identity=cluster"], environment).googleServiceAccount)
        XCTAssertNil(try binding(["--identity=cluster"], guide).googleServiceAccount)
        XCTAssertThrowsError(try binding([], environment)) {
            XCTAssertEqual("\($0)", "--google-service-account is missing (or GSA_NAME in the environment)")
        }
    }

    func testAnnotatesWhatTheWebhookReads() throws {
        let role = try RoleARN(parsing: "arn:aws:iam::123456789012:role/orders-role")
        XCTAssertEqual(
            try binding([], guide).annotations(role: role, prefix: "amazonaws.com/"),
            [
                "amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/orders-role",
                "iam.gke.io/gcp-service-account": "orders-gsa@my-project.iam.gserviceaccount.com",
            ]
        )
        let everything = try binding(
            [
                "--identity=cluster", "--audience=a", "--pod-region=eu-west-1",
                "--sts-regional-endpoints=true",
                "--session-name=orders", "--token-expiration=1h",
            ],
            guide
        ).annotations(role: role, prefix: "x/")
        XCTAssertEqual(
            everything,
            [
                "x/role-arn": "\(role)", "x/identity": "cluster", "x/audience": "a", "x/region": "eu-west-1",
                "x/sts-regional-endpoints": "true", "x/session-name": "orders", "x/token-expiration": "3600",
            ]
        )
        // The webhook's own reading of them is the proof.
        let read = try XCTUnwrap(try RoleAnnotations(everything, prefix: "x/"))
        XCTAssertEqual(read.roleARN, role)
        XCTAssertEqual(read.identity, .cluster)
        XCTAssertEqual(read.tokenExpirationSeconds, 3600)
    }

    func testRefusesWhatCannotBe() {
        let cases: [(argument: String, message: String)] = [
            ("--google-service-account=abc", "a name of 6 to 30 of a-z"),
            ("--google-service-account=a@b", "e-mail"),
            ("--cluster-name=-", "a GKE cluster's name"), ("--service-account=A", "a ServiceAccount's name"),
            ("--aws-role=a b", "a role's name"), ("--aws-policy=arn:aws:s3:::b", "a policy's name or ARN"),
            ("--tag=aws:x=y", "KEY=VALUE"), ("--tag=x", "KEY=VALUE"),
            ("--identity=both", "google or cluster"),
            ("--max-session-duration=30m", "a duration"), ("--project=1", "a Google project id"),
        ]
        for (argument, message) in cases {
            XCTAssertThrowsError(try binding([argument], guide), argument) {
                XCTAssertTrue("\($0)".contains(message), "\($0)")
            }
        }
    }

    func testReadsRoleNamesAndPolicies() throws {
        for (text, path, name) in [
            ("r", "/", "r"), ("/r", "/", "r"), ("a/b/r", "/a/b/", "r"), ("/a/r", "/a/", "r"),
        ] {
            let role = try RoleName(parsing: text)
            XCTAssertEqual(role.path, path)
            XCTAssertEqual(role.name, name)
        }
        XCTAssertEqual(
            try RoleName(parsing: "a/r").arn(partition: "aws-cn", accountID: "123456789012").description,
            "arn:aws-cn:iam::123456789012:role/a/r"
        )
        for text in ["", "a/", "/", "a b", "é", String(repeating: "a", count: 65)] {
            XCTAssertThrowsError(try RoleName(parsing: text), text)
        }
        for text in ["A", "arn:aws:iam::aws:policy/A", "arn:aws-us-gov:iam::123456789012:policy/p/A"] {
            XCTAssertEqual(try PolicyReference(parsing: text).description, text)
        }
        for text in [
            "", "a b", "a/b", "arn:", "arn:aws:iam::aws:role/A", "arn:aws:iam:eu:aws:policy/A",
            "arn:aws:iam::1:policy/A", "arn:aws:iam::aws:policy/", "arn:aws:iam::aws:policy/a b",
        ] { XCTAssertThrowsError(try PolicyReference(parsing: text), text) }
    }
}
