import GTokenCore
import GTokenEmulator
import XCTest

/// `gtokenctl uninstall`.
final class UninstallTests: XCTestCase {
    func testRemovesWhatIsTheWebhooksAndNamesWhatIsLeft() async throws {
        try await withInstallStage { stage in
            stage.startKubelet()
            let install = try await stage.run(["install"] + InstallStage.images)
            XCTAssertEqual(install.status, 0, install.output + install.errors)
            let kubernetes = stage.stage.kubernetes
            kubernetes.apply(
                try KubernetesServiceAccountName(namespace: "shop", name: "orders"),
                annotations: ["amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/orders"]
            )
            kubernetes.put(
                .pods,
                Array(
                    #"{"metadata":{"name":"orders-1","namespace":"shop","annotations":{"admission.gtoken/status":"injected"}}}"#
                        .utf8
                )
            )
            let asked = try await stage.run(["uninstall"])
            XCTAssertEqual(asked.status, 64, asked.output)
            XCTAssertTrue(asked.errors.contains("confirm with --yes"), asked.errors)
            let plan = try await stage.run(["uninstall", "--dry-run"])
            XCTAssertEqual(plan.status, 2, plan.errors)
            XCTAssertNotNil(kubernetes.object(.namespaces, "gtoken"))

            let removed = try await stage.run(["uninstall", "--yes"])
            XCTAssertEqual(removed.status, 0, removed.output + removed.errors)
            XCTAssertTrue(
                removed.errors.hasPrefix(
                    "deleted MutatingWebhookConfiguration mutating-gtoken-webhook-cfg\n"
                ),
                "nobody is to wait for a webhook that is gone: \(removed.errors)"
            )
            XCTAssertTrue(removed.errors.contains("deleted Secret gtoken/gtoken-webhook-ca"), removed.errors)
            XCTAssertTrue(
                removed.output.contains("ServiceAccount shop/orders still has amazonaws.com/role-arn")
                    && removed.output.contains("Pod shop/orders-1 was injected"),
                removed.output
            )
            XCTAssertNil(kubernetes.object(.namespaces, "gtoken"))
            for name in ["gtoken-webhook-cr", "gtoken-webhook-ca-bundle"] {
                XCTAssertNil(kubernetes.object(.clusterRoles, name), name)
            }
            let again = try await stage.run(["uninstall", "--yes"])
            XCTAssertEqual(again.status, 0)
            XCTAssertTrue(again.output.contains("nothing to do"), again.output)
        }
    }

    func testLeavesWhatIsSomebodyElses() async throws {
        try await withInstallStage { stage in
            _ = try await stage.run(["install", "--timeout=1s"] + InstallStage.images)
            let kubernetes = stage.stage.kubernetes
            kubernetes.put(
                .services,
                Array(#"{"metadata":{"name":"gtoken-webhook-svc","namespace":"gtoken"},"spec":{}}"#.utf8)
            )
            kubernetes.put(.configMaps, Array(#"{"metadata":{"name":"notes","namespace":"gtoken"}}"#.utf8))
            let removed = try await stage.run(["uninstall", "--yes"])
            XCTAssertEqual(removed.status, 0, removed.errors)
            XCTAssertTrue(
                removed.output.contains("Service gtoken/gtoken-webhook-svc: stays")
                    && removed.output.contains("it does not carry the webhook's labels"),
                removed.output
            )
            XCTAssertTrue(removed.output.contains("Namespace gtoken: stays"), removed.output)
            XCTAssertTrue(removed.output.contains("it is in use:"), removed.output)
            XCTAssertNotNil(kubernetes.object(.services, namespace: "gtoken", "gtoken-webhook-svc"))
            XCTAssertNil(
                kubernetes.object(.deployments, namespace: "gtoken", "gtoken-webhook-deployment")
            )
        }
    }
}
