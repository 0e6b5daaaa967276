import Foundation
import GTokenCore
import GTokenEmulator
import XCTest

/// The commands that print documents: `gtokenctl trust-policy` and `manifests`.
final class DocumentTests: XCTestCase {
    private func withStage(_ body: (SetupStage) async throws -> Void) async throws {
        let stage = try await SetupStage()
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        await stage.stop()
        try result.get()
    }

    /// Nobody can be asked.
    private static let offline = [
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM": "http://127.0.0.1:1/",
        "AWS_REGION": "cn-north-1",
    ]

    func testTheTrustPolicyOfAGoogleAccountNeedsItsIDAlone() async throws {
        try await withStage { stage in
            let cases: [(arguments: [String], policy: PolicyDocument)] = [
                (
                    [],
                    TrustPolicy.google(
                        uniqueID: try GoogleUniqueID(parsing: "104387266351829007741"),
                        audience: "gtoken/sts/assume-role-with-web-identity"
                    )
                ),
                (
                    [
                        "--allow-key-source", "--audience=mine",
                        "--google-service-account=app@demo-project.iam.gserviceaccount.com",
                    ],
                    TrustPolicy.google(
                        uniqueID: try GoogleUniqueID(parsing: "104387266351829007741"),
                        audience: "mine",
                        keySource: try GoogleServiceAccountEmail(
                            parsing: "app@demo-project.iam.gserviceaccount.com"
                        )
                    )
                ),
            ]
            for (arguments, policy) in cases {
                let result = try await stage.run(
                    ["trust-policy", "--google-unique-id=104387266351829007741"] + arguments,
                    environment: Self.offline
                )
                XCTAssertEqual(result.status, 0, result.errors)
                try Self.assertPolicy(result.output, policy)
            }
        }
    }

    func testTheTrustPolicyOfAClusterNamesItsProviderInThePartition() async throws {
        try await withStage { stage in
            let subject = [
                "trust-policy", "--identity=cluster", "--project=demo-project", "--cluster-name=main",
                "--cluster-location=europe-west1", "--namespace=shop", "--service-account=orders",
            ]
            let issuer =
                "container.googleapis.com/v1/projects/demo-project/locations/europe-west1/clusters/main"
            for (arguments, environment, partition) in [
                (["--aws-account=123456789012"], Self.offline, "aws-cn"),
                (["--aws-account=123456789012", "--region=us-gov-west-1"], Self.offline, "aws-us-gov"),
                ([], [:], "aws"),
            ] {
                let result = try await stage.run(subject + arguments, environment: environment)
                XCTAssertEqual(result.status, 0, result.errors)
                let provider = try OpenIDConnectProviderARN(
                    parsing: "arn:\(partition):iam::123456789012:oidc-provider/\(issuer)"
                )
                try Self.assertPolicy(
                    result.output,
                    TrustPolicy.cluster(
                        provider: provider,
                        serviceAccount: KubernetesServiceAccountName(namespace: "shop", name: "orders")
                    )
                )
            }
        }
    }

    func testGoogleIsAskedForAnIDThatIsNotGiven() async throws {
        try await withStage { stage in
            let asked = try await stage.run([
                "trust-policy", "--google-service-account=app@demo-project.iam.gserviceaccount.com",
            ])
            XCTAssertEqual(asked.status, 0, asked.errors)
            XCTAssertTrue(asked.output.contains("104387266351829007741"), asked.output)
            let missing = try await stage.run([
                "trust-policy", "--project=demo-project", "--google-service-account=nobody",
            ])
            XCTAssertEqual(missing.status, 77, missing.errors)
            XCTAssertTrue(
                missing.errors.contains(
                    "there is no Google service account nobody@demo-project.iam.gserviceaccount.com\nhint: make it"
                ),
                missing.errors
            )
            let bare = try await stage.run(["trust-policy"])
            XCTAssertEqual(bare.status, 78)
            XCTAssertTrue(bare.errors.contains("--google-service-account is missing"), bare.errors)
        }
    }

    func testManifestsAreWhatApplyMakes() async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        try await withStage { stage in
            stage.aws.register(policy: "arn:aws:iam::aws:policy/AmazonSQSFullAccess")
            let apply = try await stage.run(["apply"] + SetupStage.binding)
            XCTAssertEqual(apply.status, 0, apply.errors)
            let printed = try await stage.run(["manifests", "-o", "json"] + SetupStage.binding)
            XCTAssertEqual(printed.status, 0, printed.errors)
            let items = try XCTUnwrap(JSONDocument(Array(printed.output.utf8)).root["items"]).elements.map {
                $0
            }
            XCTAssertEqual(items.compactMap { $0["kind"]?.string() }, ["Namespace", "ServiceAccount"])
            let annotations = try XCTUnwrap(items.last?["metadata"]?["annotations"]).members.map {
                ($0.name, $0.value.string() ?? "")
            }
            XCTAssertEqual(Dictionary(uniqueKeysWithValues: annotations), stage.annotations("shop", "orders"))
        }
    }

    func testManifestsOfAFleetNeedNobody() async throws {
        try await withStage { stage in
            let file = try stage.write(
                "fleet.json",
                #"""
                {"apiVersion": "gtoken/v1",
                 "defaults": {"project": "demo-project", "clusterName": "main", "clusterLocation": "europe-west1"},
                 "bindings": [
                   {"namespace": "shop", "serviceAccount": "orders", "googleServiceAccount": "orders", "role": "a"},
                   {"namespace": "shop", "serviceAccount": "123", "identity": "cluster", "role": "team/b",
                    "tokenExpiration": "1h"}]}
                """#
            )
            let result = try await stage.run(
                ["manifests", "--file=\(file)", "--aws-account=123456789012", "--region=eu-west-1"],
                environment: Self.offline
            )
            XCTAssertEqual(result.status, 0, result.errors)
            XCTAssertEqual(
                result.output,
                """
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: shop
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: "123"
                  namespace: shop
                  annotations:
                    amazonaws.com/identity: cluster
                    amazonaws.com/role-arn: arn:aws:iam::123456789012:role/team/b
                    amazonaws.com/token-expiration: "3600"
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: orders
                  namespace: shop
                  annotations:
                    amazonaws.com/role-arn: arn:aws:iam::123456789012:role/a
                    iam.gke.io/gcp-service-account: orders@demo-project.iam.gserviceaccount.com

                """
            )
        }
    }

    private static func assertPolicy(
        _ output: String,
        _ policy: PolicyDocument,
        file: StaticString = #filePath,
        line: UInt = #line
    ) throws {
        let (printed, expected) = (try JSONDocument(Array(output.utf8)), try JSONDocument(policy.encoded))
        XCTAssertTrue(printed.root.isEqual(to: expected.root), output, file: file, line: line)
    }
}
