import Foundation
import GTokenCore
import GTokenEmulator
import XCTest

/// `gtokenctl plan`, `apply`, `status` and `delete`, from nothing to nothing.
final class SetupTests: XCTestCase {
    private func withStage(_ body: (SetupStage) async throws -> Void) async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await SetupStage()
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        await stage.stop()
        try result.get()
    }

    private func expect(
        _ status: Int32,
        _ stage: SetupStage,
        _ arguments: [String],
        file: StaticString = #filePath,
        line: UInt = #line
    ) async throws {
        let result = try await stage.run(arguments)
        XCTAssertEqual(result.status, status, result.output + result.errors, file: file, line: line)
    }

    func testABindingIsPlannedMadeKeptAndRemoved() async throws {
        try await withStage { stage in
            stage.aws.register(policy: "arn:aws:iam::aws:policy/AmazonSQSFullAccess")
            let binding = SetupStage.binding
            let plan = try await stage.run(["plan"] + binding)
            XCTAssertEqual(plan.status, 2, plan.errors)
            for line in [
                "+ Google service account orders-gsa@demo-project.iam.gserviceaccount.com",
                "    + roles/iam.workloadIdentityUser: serviceAccount:demo-project.svc.id.goog[shop/orders]",
                "+ AWS role orders", "    + policy: arn:aws:iam::aws:policy/AmazonSQSFullAccess",
                "+ namespace shop",
                "+ ServiceAccount shop/orders", "4 to create, 1 to update, 1 unchanged",
            ] { XCTAssertTrue(plan.output.contains(line + "\n"), "\(line)\n\(plan.output)") }
            XCTAssertNil(stage.annotations("shop", "orders"), "a plan changes nothing")

            let apply = try await stage.run(["apply"] + binding)
            XCTAssertEqual(apply.status, 0, apply.errors)
            XCTAssertEqual(apply.output, "4 created, 1 updated, 1 unchanged\n")
            XCTAssertTrue(apply.errors.contains("created AWS role orders\n"), apply.errors)
            XCTAssertEqual(
                stage.annotations("shop", "orders"),
                [
                    "amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/orders",
                    "iam.gke.io/gcp-service-account": "orders-gsa@demo-project.iam.gserviceaccount.com",
                ]
            )
            for verb in ["plan", "status"] {
                let again = try await stage.run([verb] + binding)
                XCTAssertEqual(again.status, 0, "\(verb): \(again.output) \(again.errors)")
            }
            let second = try await stage.run(["apply", "-o", "json"] + binding)
            XCTAssertEqual(second.status, 0, second.errors)
            let summary = try JSONDocument(Array(second.output.utf8)).root["summary"]
            XCTAssertEqual(summary?["keep"]?.integer(), 6)

            let unasked = try await stage.run(["delete"] + binding)
            XCTAssertEqual(unasked.status, 64)
            XCTAssertTrue(unasked.errors.contains("confirm with --yes"), unasked.errors)
            let delete = try await stage.run(["delete", "--yes"] + binding)
            XCTAssertEqual(delete.status, 0, delete.errors)
            XCTAssertNil(stage.annotations("shop", "orders"))
            XCTAssertNil(stage.kubernetes.object(.namespaces, "shop"))
            try await self.expect(0, stage, ["delete", "--yes"] + binding)
            try await self.expect(2, stage, ["plan"] + binding)
        }
    }

    func testOneOfTwoBindingsOfAnAccountLeavesTheOtherItsRights() async throws {
        try await withStage { stage in
            stage.aws.register(policy: "arn:aws:iam::aws:policy/AmazonSQSFullAccess")
            let first = SetupStage.binding + ["--allow-iam-credentials"]
            let second = first.map {
                $0.hasPrefix("--service-account=")
                    ? "--service-account=stock"
                    : $0.replacingOccurrences(of: "--aws-role=orders", with: "--aws-role=stock")
            }
            for binding in [first, second] { try await self.expect(0, stage, ["apply"] + binding) }
            let email = try GoogleServiceAccountEmail(
                parsing: "orders-gsa@demo-project.iam.gserviceaccount.com"
            )
            let own = "serviceAccount:\(email)"
            try await self.expect(0, stage, ["delete", "--yes"] + first)
            XCTAssertTrue(stage.google.cloud.allows(own, "iam.serviceAccounts.getOpenIdToken", on: email))
            try await self.expect(0, stage, ["status"] + second)
            try await self.expect(0, stage, ["delete", "--yes"] + second)
            XCTAssertNil(stage.google.cloud.uniqueID(of: email))
        }
    }

    func testIdentityClusterNeedsNoGoogleAccount() async throws {
        try await withStage { stage in
            let binding = [
                "--identity=cluster", "--project=demo-project", "--cluster-name=main",
                "--cluster-location=europe-west1", "--namespace=shop", "--service-account=orders",
                "--aws-role=orders",
            ]
            let apply = try await stage.run(["apply"] + binding)
            XCTAssertEqual(apply.status, 0, apply.errors)
            XCTAssertEqual(apply.output, "4 created\n")
            XCTAssertEqual(stage.annotations("shop", "orders")?["amazonaws.com/identity"], "cluster")
            try await self.expect(0, stage, ["status"] + binding)
            let delete = try await stage.run(["delete", "--yes"] + binding)
            XCTAssertEqual(delete.output, "4 deleted\n", delete.errors)
        }
    }

    func testDriftIsSeenAndMended() async throws {
        try await withStage { stage in
            stage.aws.register(policy: "arn:aws:iam::aws:policy/AmazonSQSFullAccess")
            let binding = SetupStage.binding
            let first = try await stage.run(["apply"] + binding)
            XCTAssertEqual(first.status, 0, first.errors)
            let orders = try KubernetesServiceAccountName(namespace: "shop", name: "orders")
            stage.kubernetes.apply(
                orders,
                annotations: ["amazonaws.com/role-arn": "arn:aws:iam::1:role/x", "other": "stays"]
            )
            // An account that is made again is another one.
            stage.google.cloud.removeAccount(
                try GoogleServiceAccountEmail(parsing: "orders-gsa@demo-project.iam.gserviceaccount.com")
            )
            let status = try await stage.run(["status"] + binding)
            XCTAssertEqual(status.status, 1)
            for words in [
                "drifted", "orders-gsa@demo-project.iam.gserviceaccount.com is not there", "role-arn is",
            ] {
                XCTAssertTrue(status.output.contains(words), status.output)
            }
            let apply = try await stage.run(["apply"] + binding)
            XCTAssertEqual(apply.status, 0, apply.errors)
            XCTAssertTrue(apply.errors.contains("updated AWS role orders"), apply.errors)
            try await self.expect(0, stage, ["status"] + binding)
            XCTAssertEqual(stage.annotations("shop", "orders")?["other"], "stays")
        }
    }

    func testWhatIsSomebodyElsesIsNeitherTakenNorRemoved() async throws {
        try await withStage { stage in
            let binding = SetupStage.binding.filter { !$0.hasPrefix("--aws-policy") }
            try stage.aws.register(
                RoleARN(parsing: "arn:aws:iam::123456789012:role/orders"),
                trustPolicy: TrustPolicy.subjectOnly(
                    uniqueID: GoogleUniqueID(parsing: "104387266351829007741")
                )
            )
            let refused = try await stage.run(["apply"] + binding)
            XCTAssertEqual(refused.status, 78)
            XCTAssertTrue(
                refused.errors.contains(
                    "AWS role orders: the role is there, and gtokenctl did not make it\nhint:"
                ),
                refused.errors
            )
            XCTAssertTrue(
                refused.errors.contains("not begun: ServiceAccount shop/orders, because of AWS role orders")
            )
            let adopted = try await stage.run(["apply", "--adopt"] + binding)
            XCTAssertEqual(adopted.status, 0, adopted.errors)
            let other = try KubernetesServiceAccountName(namespace: "shop", name: "other")
            stage.kubernetes.apply(other)
            let delete = try await stage.run(["delete", "--yes"] + binding)
            XCTAssertTrue(delete.output.contains("it is in use: serviceaccount/other"), delete.output)
            XCTAssertNotNil(stage.kubernetes.object(.namespaces, "shop"))
        }
    }

    func testBadInputNamesWhatIsWrong() async throws {
        try await withStage { stage in
            let file = try stage.write(
                "fleet.json",
                #"{"apiVersion": "gtoken/v1", "bindings": [{"role": "r"}]}"#
            )
            let cases: [(arguments: [String], environment: [String: String], status: Int32, words: String)] =
                [
                    (["apply"], [:], 78, "--project is missing (or PROJECT_ID in the environment)"),
                    (["apply", "--file=\(file)"], [:], 78, "bindings[0].project is missing"),
                    (["apply", "--file=/nowhere"], [:], 78, "/nowhere: open: No such file or directory"),
                    (
                        ["plan", "--aws-policy=NoSuchPolicy"] + SetupStage.binding, [:], 78,
                        "there is no policy NoSuchPolicy, neither AWS's nor the account's"
                    ),
                    (["plan"] + SetupStage.binding, ["AWS_ACCESS_KEY_ID": "AKIDOTHER"], 77, "AWS"),
                    (
                        ["plan"] + SetupStage.binding, ["GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.other"], 77,
                        "Google service account"
                    ),
                    (
                        ["plan", "--aws-account=210987654321"] + SetupStage.binding, [:], 78,
                        "the AWS credentials are of account 123456789012, and 210987654321 is meant\n"
                            + "hint: name a profile of the account with --profile"
                    ),
                    (["plan"] + SetupStage.binding, ["KUBECONFIG": "/nowhere"], 69, "namespace shop"),
                    (
                        ["plan", "--cluster-name=other"]
                            + SetupStage.binding.filter { !$0.contains("cluster-name") }, [:], 78,
                        "there is no cluster other in europe-west1 of the project demo-project"
                    ),
                ]
            for (arguments, environment, status, words) in cases {
                let result = try await stage.run(arguments, environment: environment)
                XCTAssertEqual(result.status, status, "\(arguments): \(result.errors)")
                XCTAssertTrue(result.errors.contains(words), "\(arguments): \(result.errors)")
            }
        }
    }
}
