import GTokenCore
import GTokenEmulator
import GTokenNet
import XCTest

/// `gtokenctl doctor` where all is well, and with one thing after another that is not.
final class DoctorTests: XCTestCase {
    private static let email = "orders-gsa@demo-project.iam.gserviceaccount.com"

    /// Something that is not as it should be, and what is to be said about it.
    private struct Fault {
        let check: String
        var state = "failed"
        let detail: String
        let hint: String
        var arguments: [String] = []
        var environment: [String: String] = [:]
        /// What it is about; the binding of identity `google` unless said otherwise.
        var binding = SetupStage.binding
        var plant: @Sendable (DoctorStage) throws -> Void = { _ in }
        var undo: @Sendable (DoctorStage) throws -> Void = { _ in }
    }

    private func withStage(_ body: (DoctorStage) async throws -> Void) async throws {
        try XCTSkipUnless(BuiltTool.isInstalled("kubectl"), "kubectl is not installed")
        let stage = try await DoctorStage()
        let result: Result<Void, any Error>
        do { result = .success(try await body(stage)) } catch { result = .failure(error) }
        await stage.stop()
        try result.get()
    }

    private struct Check {
        let name: String
        let state: String
        let detail: String
        let hint: String
    }

    private func checks(_ output: String) throws -> [Check] {
        let sections = try JSONDocument(Array(output.utf8)).root["sections"]?.elements.map { $0 } ?? []
        return sections.flatMap { section in
            (section["checks"]?.elements.map { $0 } ?? []).map { check in
                Check(
                    name: check["name"]?.string() ?? "",
                    state: check["state"]?.string() ?? "",
                    detail: check["detail"]?.string() ?? "",
                    hint: check["hint"]?.string() ?? ""
                )
            }
        }
    }

    func testAHealthyChainIsProvenWithATokenOfEachIdentity() async throws {
        try await withStage { stage in
            for result in try await stage.heal() { XCTAssertEqual(result.status, 0, result.errors) }
            stage.stage.google.cloud.grant(
                "roles/iam.serviceAccountOpenIdTokenCreator",
                on: try GoogleServiceAccountEmail(parsing: Self.email),
                to: GoogleCloud.administrator
            )
            for (binding, role) in [(SetupStage.binding, "orders"), (DoctorStage.identityCluster, "bills")] {
                let result = try await stage.stage.run(
                    ["doctor", "--token"] + binding,
                    environment: stage.forwarding
                )
                XCTAssertEqual(result.status, 0, result.output + result.errors)
                XCTAssertTrue(
                    result.output.contains(
                        "proof with a token: assumed arn:aws:sts::123456789012:assumed-role/\(role)/"
                    ),
                    result.output
                )
                XCTAssertFalse(result.output.contains("×") || result.output.contains("- "), result.output)
            }
            // Where no port can be forwarded, that is said, and nothing else.
            let result = try await stage.stage.run(["doctor", "-o", "json"] + SetupStage.binding)
            XCTAssertEqual(result.status, 0, result.output)
            let skipped = try self.checks(result.output).filter { $0.state == "skipped" }
            XCTAssertEqual(skipped.map(\.name), ["served certificate", "proof with a token"])
            XCTAssertTrue(skipped.first?.detail.contains("kubectl port-forward does not work") ?? false)
        }
    }

    func testAFleetIsExaminedBindingByBinding() async throws {
        try await withStage { stage in
            for result in try await stage.heal() { XCTAssertEqual(result.status, 0, result.errors) }
            func examine(role: String) async throws -> ToolResult {
                let fleet = try stage.stage.write(
                    "fleet.json",
                    #"{"apiVersion": "gtoken/v1", "defaults": {"project": "demo-project", "clusterName": "main", "#
                        + #""clusterLocation": "europe-west1", "namespace": "shop"}, "bindings": ["#
                        + #"{"serviceAccount": "orders", "googleServiceAccount": "orders-gsa", "role": "orders", "#
                        + #""policies": ["AmazonSQSFullAccess"]}, "#
                        + #"{"serviceAccount": "bills", "identity": "cluster", "role": "\#(role)", "#
                        + #""policies": ["AmazonSQSFullAccess"]}]}"#
                )
                return try await stage.stage.run(
                    ["doctor", "-o", "json", "--file=\(fleet)"],
                    environment: stage.forwarding
                )
            }
            let healthy = try await examine(role: "bills")
            XCTAssertEqual(healthy.status, 0, healthy.output + healthy.errors)
            XCTAssertEqual(
                try self.checks(healthy.output).count { $0.name == "trust policy" && $0.state == "ok" },
                2
            )
            // What is wrong with one says nothing of the other.
            let sick = try await examine(role: "nobody")
            XCTAssertEqual(sick.status, 1, sick.output + sick.errors)
            let checks = try self.checks(sick.output)
            XCTAssertEqual(checks.first { $0.state == "failed" }?.name, "AWS role")
            XCTAssertEqual(checks.count { $0.name == "trust policy" && $0.state == "ok" }, 1, sick.output)
        }
    }

    func testEachPlantedFaultIsNamedWithItsHint() async throws {
        try await withStage { stage in
            for result in try await stage.heal() { XCTAssertEqual(result.status, 0, result.errors) }
            for fault in try self.faults() {
                try fault.plant(stage)
                let result = try await stage.stage.run(
                    ["doctor", "-o", "json"] + fault.arguments + fault.binding,
                    environment: stage.forwarding.merging(fault.environment) { _, new in new }
                )
                XCTAssertEqual(
                    result.status,
                    fault.state == "failed" ? 1 : 0,
                    "\(fault.check): \(result.output)"
                )
                let checks = try self.checks(result.output)
                let first = checks.first { $0.state == "failed" || $0.state == "warning" }
                XCTAssertEqual(first?.name, fault.check, result.output)
                XCTAssertEqual(first?.state, fault.state, fault.check)
                XCTAssertTrue(
                    first?.detail.contains(fault.detail) ?? false,
                    "\(fault.check): \(first?.detail ?? "")"
                )
                XCTAssertTrue(
                    first?.hint.contains(fault.hint) ?? false,
                    "\(fault.check): \(first?.hint ?? "")"
                )
                XCTAssertTrue(checks.allSatisfy { $0.state != "failed" || !$0.hint.isEmpty }, result.output)
                try fault.undo(stage)
            }
            let healthy = try await stage.stage.run(
                ["doctor"] + SetupStage.binding,
                environment: stage.forwarding
            )
            XCTAssertEqual(healthy.status, 0, "everything is put back: \(healthy.output)")
        }
    }

    private func faults() throws -> [Fault] {
        let email = try GoogleServiceAccountEmail(parsing: Self.email)
        let project = try GoogleProjectID(parsing: SetupStage.project)
        let cluster = try GKECluster(project: project, location: "europe-west1", name: "main")
        let role = try RoleARN(parsing: "arn:aws:iam::\(SetupStage.accountID):role/orders")
        let orders = try KubernetesServiceAccountName(namespace: "shop", name: "orders")
        let others = try CertificateAuthority.create(commonName: "others", validFor: .seconds(3600))
        let past = try CertificateAuthority.create(
            commonName: "past",
            validFor: .seconds(60),
            at: UnixTime(seconds: 1_600_000_000)
        )
        func without(_ prefix: String) -> [String] { SetupStage.binding.filter { !$0.hasPrefix(prefix) } }
        let plainCluster: @Sendable (DoctorStage) -> Void = {
            $0.stage.google.cloud.addCluster(CloudCluster(cluster))
        }
        let access = [
            Fault(
                check: "Google credentials",
                detail: "401",
                hint: "gcloud auth login",
                environment: ["GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.other"]
            ),
            Fault(
                check: "AWS credentials",
                detail: "InvalidClientTokenId",
                hint: "aws sts get-caller-identity",
                environment: ["AWS_ACCESS_KEY_ID": "AKIDOTHER"]
            ),
            Fault(
                check: "Kubernetes access",
                detail: "cannot be reached",
                hint: "gcloud container clusters get-credentials",
                environment: ["KUBECONFIG": "/nowhere"]
            ),
        ]
        let google = [
            Fault(
                check: "Google APIs",
                detail: "iamcredentials.googleapis.com",
                hint: "gcloud services enable iamcredentials.googleapis.com --project=demo-project",
                plant: { $0.stage.google.cloud.disable("iamcredentials.googleapis.com", in: project) },
                undo: { $0.stage.google.cloud.addProject(project) }
            ),
            Fault(
                check: "cluster",
                detail: "no cluster other",
                hint: "gcloud container clusters list",
                binding: without("--cluster-name") + ["--cluster-name=other"]
            ),
            Fault(
                check: "workload pool",
                detail: "has none",
                hint: "--workload-pool=demo-project.svc.id.goog",
                plant: {
                    var bare = CloudCluster(cluster)
                    bare.hasWorkloadIdentity = false
                    $0.stage.google.cloud.addCluster(bare)
                },
                undo: plainCluster
            ),
            Fault(
                check: "node pools",
                detail: "old-pool has GCE_METADATA",
                hint: "node-pools update old-pool",
                plant: {
                    var old = CloudCluster(cluster)
                    old.nodePools.append(("old-pool", "GCE_METADATA"))
                    $0.stage.google.cloud.addCluster(old)
                },
                undo: plainCluster
            ),
            Fault(
                check: "Google service account",
                detail: "is disabled",
                hint: "gcloud iam service-accounts enable",
                plant: { $0.stage.google.cloud.setDisabled(true, email) },
                undo: { $0.stage.google.cloud.setDisabled(false, email) }
            ),
            Fault(
                check: "Google service account",
                detail: "there is no nobody@",
                hint: "gtokenctl apply",
                binding: without("--google-service-account") + ["--google-service-account=nobody"]
            ),
            Fault(
                check: "workloadIdentityUser",
                detail: "serviceAccount:demo-project.svc.id.goog[shop/orders] has not",
                hint: "add-iam-policy-binding",
                plant: {
                    let id = $0.stage.google.cloud.uniqueID(of: email)
                    $0.stage.google.cloud.addAccount(email, in: project, uniqueID: id)
                },
                undo: {
                    $0.stage.google.cloud.grant(
                        "roles/iam.workloadIdentityUser",
                        on: email,
                        to: "\(WorkloadPoolMember(project: project, serviceAccount: orders))"
                    )
                }
            ),
        ]
        let webhook = [
            Fault(
                check: "webhook configuration",
                detail: "no MutatingWebhookConfiguration",
                hint: "kubectl apply -k",
                plant: {
                    $0.stage.kubernetes.remove(.mutatingWebhookConfigurations, "mutating-gtoken-webhook-cfg")
                },
                undo: { $0.putWebhook() }
            ),
            Fault(
                check: "webhook rules",
                detail: "no rule for CREATE of pods",
                hint: "kubectl apply -k",
                plant: { $0.putWebhook(resource: "services") },
                undo: { $0.putWebhook() }
            ),
            Fault(
                check: "caBundle",
                detail: "is empty",
                hint: "--tls-self-managed",
                plant: { $0.putWebhook(caBundle: "") },
                undo: { $0.putWebhook() }
            ),
            Fault(
                check: "caBundle",
                detail: "holds no certificates",
                hint: "--tls-self-managed",
                plant: { $0.putWebhook(caBundle: "bm9uZQ==") },
                undo: { $0.putWebhook() }
            ),
            Fault(
                check: "caBundle",
                detail: "until 2020-09-13T",
                hint: "cert-manager",
                plant: { $0.putWebhook(caBundle: Base64.encode(past.certificatePEM)) },
                undo: { $0.putWebhook() }
            ),
            Fault(
                check: "served certificate",
                detail: "not trusted",
                hint: "caBundle must hold the authority",
                plant: { $0.putWebhook(caBundle: Base64.encode(others.certificatePEM)) },
                undo: { $0.putWebhook() }
            ),
            Fault(
                check: "webhook Service",
                detail: "no Service gtoken/gtoken-webhook-svc",
                hint: "kubectl apply -k",
                plant: { $0.stage.kubernetes.remove(.services, namespace: "gtoken", "gtoken-webhook-svc") },
                undo: { $0.putService() }
            ),
            Fault(
                check: "webhook replicas",
                detail: "1 of 2 replicas",
                hint: "describe deployment",
                plant: { $0.putDeployment(ready: 1) },
                undo: { $0.putDeployment() }
            ),
            Fault(
                check: "reachability",
                state: "warning",
                detail: "listens on 8443",
                hint: "--source-ranges=172.16.0.0/28 --allow=tcp:8443",
                plant: {
                    var closed = CloudCluster(cluster)
                    closed.hasPrivateNodes = true
                    $0.stage.google.cloud.addCluster(closed)
                    $0.putService(targetPort: 8443)
                },
                undo: {
                    plainCluster($0)
                    $0.putService()
                }
            ),
        ]
        let workload = [
            Fault(
                check: "namespaces and ServiceAccounts",
                detail: "forbidden",
                hint: "ask for a role that may get",
                plant: {
                    $0.stage.kubernetes.change {
                        $0.faults = [KubernetesFault(.status(403), resources: ["serviceaccounts"])]
                    }
                },
                undo: { $0.stage.kubernetes.change { $0.faults = [] } }
            ),
            Fault(
                check: "AWS role",
                detail: "there is no role other",
                hint: "gtokenctl apply",
                binding: without("--aws-role") + ["--aws-role=other"]
            ),
            Fault(
                check: "trust policy",
                detail: "accounts.google.com:oaud is elsewhere",
                hint: "gtokenctl apply",
                binding: SetupStage.binding + ["--audience=elsewhere"]
            ),
            Fault(
                check: "policies",
                detail: "is not attached",
                hint: "gtokenctl apply",
                binding: without("--aws-policy") + ["--aws-policy=arn:aws:iam::aws:policy/ReadOnlyAccess"]
            ),
            Fault(
                check: "admission",
                detail: "opts the namespace out",
                hint: "admission.gtoken/ignore-",
                plant: {
                    let json = #"{"metadata":{"name":"shop","labels":{"admission.gtoken/ignore":"false"}}}"#
                    $0.stage.kubernetes.put(.namespaces, Array(json.utf8))
                },
                undo: { $0.stage.kubernetes.put(.namespaces, Array(#"{"metadata":{"name":"shop"}}"#.utf8)) }
            ),
            Fault(
                check: "ServiceAccount",
                detail: "role-arn is arn:aws:iam::1:role/x",
                hint: "gtokenctl apply",
                plant: {
                    $0.stage.kubernetes.apply(
                        orders,
                        annotations: ["amazonaws.com/role-arn": "arn:aws:iam::1:role/x"]
                    )
                },
                undo: {
                    $0.stage.kubernetes.apply(
                        orders,
                        annotations: [
                            "amazonaws.com/role-arn": "\(role)",
                            RoleAnnotations.googleServiceAccountKey: "\(email)",
                        ]
                    )
                }
            ),
            Fault(
                check: "Pods",
                detail: "1 of 2 were not injected: orders-2",
                hint: "rollout restart",
                plant: { $0.putPod("orders-2", account: "orders", isInjected: false) },
                undo: { $0.stage.kubernetes.remove(.pods, namespace: "shop", "orders-2") }
            ),
            Fault(
                check: "proof with a token",
                detail: "no ID token of",
                hint: "roles/iam.serviceAccountOpenIdTokenCreator",
                arguments: ["--token"]
            ),
            Fault(
                check: "issuer and keys",
                detail: "AWS cannot verify the cluster's tokens",
                hint: "the issuer must be public",
                binding: DoctorStage.identityCluster,
                plant: { $0.stage.google.cloud.publish(nil, of: cluster) },
                undo: { $0.stage.google.cloud.publish($0.stage.issuer.keySet, of: cluster) }
            ),
            Fault(
                check: "identity provider",
                detail: "others.example is not among its client ids",
                hint: "aws iam add-client-id-to-open-id-connect-provider",
                binding: DoctorStage.identityCluster + ["--audience=others.example"]
            ),
        ]
        return access + google + webhook + workload
    }
}
