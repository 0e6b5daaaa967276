import GTokenCore
import GTokenEmulator
import XCTest

/// `gtokenctl audit` against both clouds' stand-ins and a cluster.
final class AuditTests: XCTestCase {
    private static let issuer =
        "container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/main"
    private static let provider = "arn:aws:iam::\(SetupStage.accountID):oidc-provider/\(issuer)"

    private func withStage(_ body: (SetupStage) async throws -> Void) async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await SetupStage()
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        await stage.stop()
        try result.get()
    }

    private func role(_ name: String) throws -> RoleARN {
        try RoleARN(parsing: "arn:aws:iam::\(SetupStage.accountID):role/\(name)")
    }

    private func policy(_ statement: String) throws -> PolicyDocument {
        try PolicyDocument(
            parsing: Array(
                #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",\#(statement)}}"#
                    .utf8
            )
        )
    }

    /// The flaws of each object.
    private func flaws(_ output: String) throws -> [String: [String]] {
        let findings = try JSONDocument(Array(output.utf8)).root["findings"]?.elements.map { $0 } ?? []
        return Dictionary(
            findings.map { ($0["object"]?.string() ?? "", [$0["flaw"]?.string() ?? ""]) },
            uniquingKeysWith: +
        ).mapValues { $0.sorted() }
    }

    func testWhatApplyMakesHasNoFinding() async throws {
        try await withStage { stage in
            stage.aws.register(policy: "arn:aws:iam::aws:policy/AmazonSQSFullAccess")
            let cluster = [
                "--identity=cluster", "--project=demo-project", "--cluster-name=main",
                "--cluster-location=europe-west1", "--namespace=shop", "--service-account=bills",
                "--aws-role=bills", "--audience=bills.example",
            ]
            for binding in [SetupStage.binding, cluster] {
                let apply = try await stage.run(["apply"] + binding)
                XCTAssertEqual(apply.status, 0, apply.errors)
            }
            let audit = try await stage.run(["audit", "--project=demo-project", "--fix"])
            XCTAssertEqual(audit.status, 0, audit.output + audit.errors)
            XCTAssertEqual(audit.output, "2 roles, 2 for Pods on GKE: nothing unsafe\n")
        }
    }

    func testEachPlantedFlawIsFound() async throws {
        try await withStage { stage in
            let google = #""Principal":{"Federated":"accounts.google.com"}"#
            let cluster = #""Principal":{"Federated":"\#(Self.provider)"}"#
            let roles: [(name: String, statement: String, flaws: [String])] = [
                ("everyone", #""Principal":"*""#, ["everyone"]),
                ("open", google, ["no-original-audience", "no-subject"]),
                (
                    "guide", google + #","Condition":{"StringEquals":{"accounts.google.com:sub":"1"}}"#,
                    ["no-audience", "no-original-audience"]
                ),
                (
                    "pattern",
                    cluster
                        + #","Condition":{"StringLike":{"\#(Self.issuer):sub":"system:serviceaccount:shop:*"},"#
                        + #""StringEquals":{"\#(Self.issuer):aud":"sts.amazonaws.com"}}"#,
                    ["subject-wildcard"]
                ),
                ("ec2", #""Principal":{"Service":"ec2.amazonaws.com"}"#, []),
            ]
            for each in roles {
                try stage.aws.register(try role(each.name), trustPolicy: try policy(each.statement))
            }
            stage.aws.register(
                try OpenIDConnectProviderARN(parsing: Self.provider),
                clientIDs: ["sts.amazonaws.com", "others.example", "https://\(Self.issuer)"],
                keys: { throw CancellationError() }
            )
            stage.google.cloud.grant(
                "roles/iam.serviceAccountTokenCreator",
                on: try GoogleProjectID(parsing: SetupStage.project),
                to: "user:eve@example.com"
            )
            let app = "app@\(SetupStage.project).iam.gserviceaccount.com"
            let accounts: [(name: String, role: String, email: String?)] = [
                ("no-arn", "orders", app), ("gone", "\(try role("gone"))", app),
                ("distrusted", "\(try role("guide"))", app), ("nameless", "\(try role("guide"))", nil),
                ("fine", "\(try role("open"))", app), ("elsewhere", "arn:aws:iam::999999999999:role/x", app),
            ]
            for account in accounts {
                stage.kubernetes.apply(
                    try KubernetesServiceAccountName(namespace: "shop", name: account.name),
                    annotations: ["amazonaws.com/role-arn": account.role].merging(
                        account.email.map { [RoleAnnotations.googleServiceAccountKey: $0] } ?? [:]
                    ) { one, _ in one }
                )
            }
            let audit = try await stage.run(["audit", "--project=demo-project", "-o", "json"])
            XCTAssertEqual(audit.status, 1, audit.errors)
            var expected = Dictionary(uniqueKeysWithValues: roles.map { ("role \($0.name)", $0.flaws) })
            expected["role ec2"] = nil
            expected["identity provider \(Self.issuer)"] = ["api-audience", "foreign-client-id"]
            expected["project demo-project"] = ["project-wide-grant"]
            expected["ServiceAccount shop/no-arn"] = ["bad-annotation"]
            expected["ServiceAccount shop/gone"] = ["missing-role"]
            expected["ServiceAccount shop/distrusted"] = ["untrusting-role"]
            expected["ServiceAccount shop/nameless"] = ["missing-google-account"]
            XCTAssertEqual(try self.flaws(audit.output), expected)
            XCTAssertTrue(audit.output.contains("was not looked at"), "what another account has is said")

            let fixed = try await stage.run(["audit", "--fix"])
            XCTAssertEqual(fixed.status, 1)
            for words in [
                "corrected trust policy of \(try role("guide")):",
                "critical role everyone, Statement[0]: everyone",
                #""accounts.google.com:sub": "104387266351829007741""#, "hint: pin sub with StringEquals",
            ] { XCTAssertTrue(fixed.output.contains(words), "\(words)\n\(fixed.output)") }
        }
    }

    func testAServiceThatCannotBeAskedEndsItWithItsOwnStatus() async throws {
        try await withStage { stage in
            let cases: [(arguments: [String], environment: [String: String], status: Int32, words: String)] =
                [
                    ([], ["AWS_ACCESS_KEY_ID": "AKIDOTHER"], 77, "InvalidClientTokenId"),
                    ([], ["KUBECONFIG": "/nowhere"], 69, "hint:"),
                    (
                        ["--project=demo-project"], ["GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.other"], 77,
                        "gtokenctl: error:"
                    ),
                    (["--no-kubernetes"], ["KUBECONFIG": "/nowhere"], 0, ""),
                    (["--project=A"], [:], 64, "--project"),
                ]
            for (arguments, environment, status, words) in cases {
                let result = try await stage.run(["audit"] + arguments, environment: environment)
                XCTAssertEqual(
                    result.status,
                    status,
                    "\(arguments) \(environment): \(result.output)\(result.errors)"
                )
                XCTAssertTrue(words.isEmpty || result.errors.contains(words), "\(words): \(result.errors)")
            }
        }
    }
}
