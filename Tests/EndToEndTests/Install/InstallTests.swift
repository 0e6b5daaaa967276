import GTokenCore
import GTokenEmulator
import GTokenNet
import XCTest

/// `gtokenctl install`, with the built webhook as the Pods that it asks for.
final class InstallTests: XCTestCase {
    private static let images = InstallStage.images

    func testInstallsAndProvesThatAPIServersTrustTheWebhook() async throws {
        try await withInstallStage { stage in
            let plan = try await stage.run(["install", "--dry-run"] + Self.images)
            XCTAssertEqual(plan.status, 2, plan.errors)
            XCTAssertTrue(plan.output.contains("+ Deployment gtoken/gtoken-webhook-deployment"), plan.output)
            XCTAssertTrue(plan.output.hasSuffix("19 to create\n"), plan.output)
            XCTAssertNil(stage.stage.kubernetes.object(.namespaces, "gtoken"), "a dry run makes nothing")

            stage.startKubelet()
            let install = try await stage.run(["install"] + Self.images)
            XCTAssertEqual(install.status, 0, install.output + install.errors)
            for line in [
                "√ webhook replicas: 2 of 2 replicas ready", "√ caBundle: 1 certificates",
                "√ served certificate: caBundle verifies it for gtoken-webhook-svc.gtoken.svc; /healthz answers 200",
            ] { XCTAssertTrue(install.output.contains(line), install.output) }
            XCTAssertTrue(
                install.errors.contains("created MutatingWebhookConfiguration"),
                install.errors
            )
            let bundle = stage.registered("caBundle")
            XCTAssertFalse(bundle.contains(nil))

            for arguments in [["install"], ["install", "--dry-run"], ["upgrade"]] {
                let again = try await stage.run(arguments)
                XCTAssertEqual(again.status, 0, "\(arguments): \(again.output)\(again.errors)")
                XCTAssertTrue(again.output.contains("19 unchanged"), "\(arguments): \(again.output)")
            }
            XCTAssertEqual(stage.registered("caBundle"), bundle, "an apply leaves caBundle alone")
        }
    }

    func testWhatIsNotGivenStaysAsItIsInstalled() async throws {
        try await withInstallStage { stage in
            stage.startKubelet()
            let settings = ["--replicas=5", "--default-region=eu-west-1", "--failure-policy=Fail"]
            let install = try await stage.run(["install"] + settings + Self.images)
            XCTAssertEqual(install.status, 0, install.output + install.errors)
            XCTAssertEqual(stage.registered("failurePolicy"), ["Fail", "Fail"])

            let upgrade = try await stage.run(["upgrade", "--tag=v2", "--default-identity=cluster"])
            XCTAssertEqual(upgrade.status, 0, upgrade.output + upgrade.errors)
            let kubernetes = stage.stage.kubernetes
            let deployment = kubernetes.object(
                .deployments,
                namespace: "gtoken",
                "gtoken-webhook-deployment"
            )
            XCTAssertEqual(deployment?["spec"]?["replicas"]?.integer(), 5)
            let container = deployment?["spec"]?["template"]?["spec"]?["containers"]?.elements.first {
                _ in true
            }
            XCTAssertEqual(container?["image"]?.string(), "registry.example/gtoken/gtoken-webhook:v2")
            XCTAssertEqual(stage.registered("failurePolicy"), ["Fail", "Fail"])
            let quota = kubernetes.object(.resourceQuotas, namespace: "gtoken", "gtoken-webhook-quota")
            XCTAssertEqual(quota?["spec"]?["hard"]?["pods"]?.string(), "12")

            let name = container?["envFrom"]?.elements.first { _ in true }?["configMapRef"]?["name"]?.string()
            let data = kubernetes.object(.configMaps, namespace: "gtoken", name ?? "")?["data"]
            for (key, value) in [
                "GTOKEN_IMAGE": "registry.example/gtoken/gtoken:v2", "LOG_JSON": "true",
                "GTOKEN_WEBHOOK_DEFAULT_REGION": "eu-west-1", "GTOKEN_WEBHOOK_DEFAULT_IDENTITY": "cluster",
            ] { XCTAssertEqual(data?[key]?.string(), value, key) }
            XCTAssertTrue(
                upgrade.errors.contains("deleted ConfigMap gtoken/gtoken-webhook-config-"),
                "the former settings go: \(upgrade.errors)"
            )
        }
    }

    func testAnotherNamespaceIsEverywhere() async throws {
        try await withInstallStage { stage in
            stage.startKubelet(namespace: "platform")
            let install = try await stage.run(["install", "--namespace=platform"] + Self.images)
            XCTAssertEqual(install.status, 0, install.output + install.errors)
            for (resource, namespace, name) in [
                (KubernetesResource.mutatingWebhookConfigurations, "", "mutating-gtoken-webhook-cfg"),
                (.validatingAdmissionPolicies, "", "gtoken-webhook-ca-bundle-only"),
                (.validatingAdmissionPolicies, "", "gtoken-webhook-ca-secret-only"),
                (.deployments, "platform", "gtoken-webhook-deployment"),
            ] {
                let object = try XCTUnwrap(
                    stage.stage.kubernetes.object(resource, namespace: namespace, name)
                )
                let text = String(decoding: object.rawBytes, as: UTF8.self)
                XCTAssertTrue(text.contains("platform"), text)
                for former in [
                    "serviceaccount:gtoken:", #"== \"gtoken\""#, #""namespace":"gtoken""#, ".gtoken.svc",
                    #"["gtoken""#,
                ] { XCTAssertFalse(text.contains(former), "\(former) in \(text)") }
            }
            let other = try await stage.run(["install", "--namespace=gtoken"])
            XCTAssertEqual(other.status, 78)
            XCTAssertTrue(other.errors.contains("installed in the namespace platform"), other.errors)
        }
    }

    func testCertificatesChangeOverWithTheOldOnesTrusted() async throws {
        try await withInstallStage { stage in
            stage.startKubelet()
            let install = try await stage.run(["install"] + Self.images)
            XCTAssertEqual(install.status, 0, install.output + install.errors)
            let refused = try await stage.run(["certs"])
            XCTAssertEqual(refused.status, 78)
            XCTAssertTrue(refused.errors.contains("certificates that are self-managed"), refused.errors)

            let change = try await stage.run(["install", "--certificates=static-certs"])
            XCTAssertEqual(change.status, 0, change.output + change.errors)
            XCTAssertTrue(
                change.output.contains("√ caBundle: 2 certificates"),
                "both authorities are trusted while replicas change over: \(change.output)"
            )
            for name in ["gtoken-webhook-ca-bundle-only", "gtoken-webhook-ca-secret-only"] {
                XCTAssertNil(stage.stage.kubernetes.object(.validatingAdmissionPolicies, name), name)
            }
            let certificates = try await stage.run(["certs", "--renew"])
            XCTAssertEqual(certificates.status, 0, certificates.errors)
        }
    }

    func testPodsAreNotRefusedForAWebhookThatHasNeverAnswered() async throws {
        try await withInstallStage { stage in
            let install = try await stage.run(
                ["install", "--failure-policy=Fail", "--timeout=1s"] + Self.images
            )
            XCTAssertEqual(install.status, 69, install.output)
            XCTAssertEqual(stage.registered("failurePolicy"), ["Ignore", "Fail"])
        }
    }

    /// Something that keeps a rollout from its end.
    private struct Obstacle {
        var deployment = #"{"observedGeneration":1,"replicas":2,"updatedReplicas":2}"#
        var pod: String?
        let what: String
        let hint: String
    }

    func testWhatKeepsTheWebhookIsNamedWithAHint() async throws {
        func waiting(_ reason: String, _ message: String) -> String {
            #"{"containerStatuses":[{"name":"gtoken-webhook","image":"registry.example/gtoken/gtoken-webhook:v1.0.0","#
                + #""state":{"waiting":{"reason":"\#(reason)","message":"\#(message)"}}}]}"#
        }
        let obstacles = [
            Obstacle(
                pod: waiting("ImagePullBackOff", "not found"),
                what:
                    "Pod gtoken-webhook-1 cannot pull registry.example/gtoken/gtoken-webhook:v1.0.0: ImagePullBackOff: not found",
                hint: "push the image there"
            ),
            Obstacle(
                pod: waiting("CrashLoopBackOff", "back-off 20s"),
                what: "Pod gtoken-webhook-1 waits: CrashLoopBackOff: back-off 20s",
                hint: "logs --previous gtoken-webhook-1"
            ),
            Obstacle(
                pod:
                    #"{"conditions":[{"type":"PodScheduled","status":"False","message":"0/3 nodes: Insufficient cpu"}]}"#,
                what: "Pod gtoken-webhook-1 is on no node: 0/3 nodes: Insufficient cpu",
                hint: "describe pod gtoken-webhook-1"
            ),
            Obstacle(
                pod: #"{"containerStatuses":[{"name":"gtoken-webhook","state":{"running":{}}}]}"#,
                what: "Pod gtoken-webhook-1 is not ready",
                hint: "logs gtoken-webhook-1"
            ),
            Obstacle(
                deployment:
                    #"{"observedGeneration":1,"conditions":[{"type":"ReplicaFailure","status":"True","message":"exceeded quota"}]}"#,
                what: "no Pod can be made: exceeded quota",
                hint: "describe replicaset"
            ),
        ]
        try await withInstallStage { stage in
            _ = try await stage.run(["install", "--timeout=1s"] + Self.images)
            for obstacle in obstacles {
                try await stage.plant(deployment: obstacle.deployment, pod: obstacle.pod)
                let install = try await stage.run(["install", "--timeout=1s"])
                XCTAssertEqual(install.status, 69, install.errors)
                XCTAssertTrue(
                    install.errors.contains("Deployment gtoken/gtoken-webhook-deployment does not get ready")
                        && install.errors.contains(obstacle.what),
                    install.errors
                )
                XCTAssertTrue(
                    install.errors.split(separator: "\n").last?.contains(obstacle.hint) ?? false,
                    install.errors
                )
            }
        }
    }

    func testRefusalsNameTheObject() async throws {
        try await withInstallStage { stage in
            let unknown = try await stage.run(["install"])
            XCTAssertEqual(unknown.status, 64)
            XCTAssertTrue(unknown.errors.contains("--registry=REGISTRY"), unknown.errors)
            let certManager = try await stage.run(
                ["install", "--certificates=cert-manager"] + Self.images
            )
            XCTAssertEqual(certManager.status, 78, certManager.errors)
            XCTAssertTrue(
                certManager.errors.contains("no Certificate and Issuer of cert-manager.io"),
                certManager.errors
            )
            let monitoring = try await stage.run(["install", "--monitoring"] + Self.images)
            XCTAssertEqual(monitoring.status, 78, monitoring.errors)
            XCTAssertTrue(monitoring.errors.contains("Prometheus Operator"), monitoring.errors)
            stage.stage.kubernetes.change {
                $0.faults = [KubernetesFault(.status(403), verbs: ["patch"], resources: ["clusterroles"])]
            }
            let forbidden = try await stage.run(["install"] + Self.images)
            XCTAssertEqual(forbidden.status, 77, forbidden.errors)
            XCTAssertTrue(
                forbidden.errors.contains("clusterroles.rbac.authorization.k8s.io \"gtoken-webhook-c")
                    && forbidden.errors.contains("hint: it needs the rights"),
                forbidden.errors
            )
        }
    }
}
