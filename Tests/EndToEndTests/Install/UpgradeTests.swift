import GTokenCore
import GTokenEmulator
import GTokenNet
import XCTest

/// `gtokenctl upgrade`, over a webhook of ours and over the Go project's.
final class UpgradeTests: XCTestCase {
    /// The Go project's objects as its manifests make them, in a namespace.
    private func putGoProject(_ stage: InstallStage, namespace: String) throws {
        let authority = try CertificateAuthority.create(commonName: "kubernetes", validFor: .seconds(3600))
        let bundle = Base64.encode(authority.certificatePEM)
        let kubernetes = stage.stage.kubernetes
        for (resource, json) in [
            (
                KubernetesResource.deployments,
                #"{"metadata":{"name":"gtoken-webhook-deployment","namespace":"\#(namespace)"},"spec":{"replicas":1,"#
                    + #""selector":{"matchLabels":{"app":"gtoken-webhook"}},"template":{"metadata":{"labels":{"app":"#
                    + #""gtoken-webhook"}},"spec":{"serviceAccountName":"gtoken-webhook-sa","containers":[{"name":"#
                    + #""gtoken-webhook","image":"doitintl/gtoken-webhook","args":["--log-level=debug","server","#
                    + #""--tls-cert-file=/etc/webhook/certs/cert.pem","--tls-private-key-file=/etc/webhook/certs/key.pem","#
                    + #""--volume-path=/var/run/aws"],"volumeMounts":[{"name":"webhook-certs","mountPath":"#
                    + #""/etc/webhook/certs"}]}],"volumes":[{"name":"webhook-certs","secret":{"secretName":"#
                    + #""gtoken-webhook-certs"}}]}}},"status":{"observedGeneration":1,"replicas":1,"readyReplicas":1,"#
                    + #""updatedReplicas":1,"availableReplicas":1}}"#
            ),
            (
                .services,
                #"{"metadata":{"name":"gtoken-webhook-svc","namespace":"\#(namespace)"},"spec":{"selector":{"app":"#
                    + #""gtoken-webhook"},"ports":[{"port":443,"targetPort":8443}]}}"#
            ),
            (
                .serviceAccounts,
                #"{"metadata":{"name":"gtoken-webhook-sa","namespace":"\#(namespace)"}}"#
            ),
            (
                .secrets,
                #"{"metadata":{"name":"gtoken-webhook-certs","namespace":"\#(namespace)"},"data":{}}"#
            ),
            (.clusterRoles, #"{"metadata":{"name":"gtoken-webhook-cr"},"rules":[]}"#),
            (
                .clusterRoleBindings,
                #"{"metadata":{"name":"gtoken-webhook-crb"},"roleRef":{"kind":"ClusterRole","name":"other"},"subjects":[]}"#
            ),
            (
                .mutatingWebhookConfigurations,
                #"{"metadata":{"name":"mutating-gtoken-webhook-cfg"},"webhooks":[{"name":"gtoken.doit-intl.com","#
                    + #""clientConfig":{"service":{"name":"gtoken-webhook-svc","namespace":"\#(namespace)","path":"/pods"},"#
                    + #""caBundle":"\#(bundle)"},"objectSelector":{"matchLabels":{"old":"yes"}},"rules":[{"operations":"#
                    + #"["CREATE"],"apiGroups":["*"],"apiVersions":["*"],"resources":["pods"]}]}]}"#
            ),
        ] { XCTAssertTrue(kubernetes.put(resource, Array(json.utf8)), json) }
    }

    /// What the Go project's guide makes and leaves unsafe.
    private func putUnsafe(_ stage: InstallStage) async throws {
        stage.stage.kubernetes.apply(
            try KubernetesServiceAccountName(namespace: "shop", name: "bills"),
            annotations: ["amazonaws.com/role-arn": "arn:aws:iam::\(SetupStage.accountID):role/bills"]
        )
        let applied = try await stage.run(["apply"] + SetupStage.binding)
        XCTAssertEqual(applied.status, 0, applied.errors)
        let role = try RoleARN(parsing: "arn:aws:iam::\(SetupStage.accountID):role/bills")
        let policy = try PolicyDocument(
            parsing: Array(
                (#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"#
                    + #""Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"accounts.google.com:sub":"#
                    + #""104387266351829007741"}}}]}"#).utf8
            )
        )
        try stage.stage.aws.register(role, trustPolicy: policy)
        stage.stage.google.cloud.grant(
            "roles/iam.serviceAccountTokenCreator",
            on: try GoogleProjectID(parsing: SetupStage.project),
            to: "serviceAccount:orders-gsa@demo-project.iam.gserviceaccount.com"
        )
    }

    func testReplacesTheGoProjectWhilePodsGoOnBeingInjected() async throws {
        try await withInstallStage { stage in
            try self.putGoProject(stage, namespace: "gtoken")
            try await self.putUnsafe(stage)
            let refused = try await stage.run(["install"] + InstallStage.images)
            XCTAssertEqual(refused.status, 78)
            XCTAssertTrue(refused.errors.contains("hint: gtokenctl upgrade"), refused.errors)
            let plan = try await stage.run(["upgrade", "--dry-run"] + InstallStage.images)
            XCTAssertEqual(plan.status, 2, plan.errors)
            XCTAssertTrue(plan.output.contains("deleted and made anew"), plan.output)
            let before = await stage.isCovered()
            XCTAssertTrue(before)

            stage.startKubelet()
            let arguments = ["upgrade", "--project=\(SetupStage.project)"] + InstallStage.images
            let watched = try await stage.watchingCoverage { try await stage.run(arguments) }
            let upgrade = watched.value
            XCTAssertEqual(upgrade.status, 0, upgrade.output + upgrade.errors)
            XCTAssertGreaterThan(watched.looks, 20)
            XCTAssertEqual(watched.gaps, 0, "of \(watched.looks) looks: \(upgrade.errors)")
            XCTAssertTrue(upgrade.output.contains("√ served certificate"), upgrade.output)

            let kubernetes = stage.stage.kubernetes
            let deployment = kubernetes.object(
                .deployments,
                namespace: "gtoken",
                "gtoken-webhook-deployment"
            )
            let text = String(decoding: deployment?.rawBytes ?? [], as: UTF8.self)
            XCTAssertFalse(text.contains("webhook-certs"), "nothing of the Go project's is left: \(text)")
            let registration = kubernetes.object(
                .mutatingWebhookConfigurations,
                "mutating-gtoken-webhook-cfg"
            )
            let webhooks = registration?["webhooks"]?.elements.map { $0 } ?? []
            XCTAssertEqual(webhooks.count, 2)
            XCTAssertNil(webhooks.first?["objectSelector"])
            for name in ["mutating-gtoken-webhook-cfg-bridge"] {
                XCTAssertNil(kubernetes.object(.mutatingWebhookConfigurations, name))
            }
            for name in InstallStage.deployments.dropFirst() {
                XCTAssertNil(kubernetes.object(.deployments, namespace: "gtoken", name))
            }
            let map = text.split(separator: "\"").first { $0.hasPrefix("gtoken-webhook-config-") } ?? ""
            XCTAssertEqual(
                kubernetes.object(.configMaps, namespace: "gtoken", String(map))?["data"]?[
                    "GTOKEN_WEBHOOK_VOLUME_PATH"
                ]?.string(),
                "/var/run/aws",
                "a setting that Pods rely on is kept"
            )
            for note in [
                "ServiceAccount shop/bills names no Google account",
                "kubectl annotate serviceaccount bills --namespace=shop",
                "aws iam update-assume-role-policy --role-name bills",
                "gcloud projects remove-iam-policy-binding demo-project "
                    + "--member=serviceAccount:orders-gsa@demo-project.iam.gserviceaccount.com "
                    + "--role=roles/iam.serviceAccountTokenCreator",
            ] { XCTAssertTrue(upgrade.output.contains(note), "\(note): \(upgrade.output)") }
            XCTAssertFalse(upgrade.output.contains("role-name orders"), upgrade.output)

            let again = try await stage.run(["upgrade"])
            XCTAssertTrue(again.output.contains("19 unchanged"), again.output + again.errors)
            let nobody = try await stage.run(["uninstall", "--yes"])
            XCTAssertEqual(nobody.status, 0, nobody.errors)
            let nothing = try await stage.run(["upgrade"] + InstallStage.images)
            XCTAssertEqual(nothing.status, 78)
            XCTAssertTrue(nothing.errors.contains("hint: gtokenctl install"), nothing.errors)
        }
    }

    func testRemovesTheGoProjectFromItsOwnNamespace() async throws {
        try await withInstallStage { stage in
            try self.putGoProject(stage, namespace: "infra")
            stage.startKubelet()
            let arguments = ["upgrade", "--no-audit"] + InstallStage.images
            let watched = try await stage.watchingCoverage { try await stage.run(arguments) }
            XCTAssertEqual(watched.value.status, 0, watched.value.output + watched.value.errors)
            XCTAssertEqual(watched.gaps, 0, "of \(watched.looks) looks: \(watched.value.errors)")
            let kubernetes = stage.stage.kubernetes
            for (resource, name) in [
                (KubernetesResource.deployments, "gtoken-webhook-deployment"),
                (.services, "gtoken-webhook-svc"),
                (.secrets, "gtoken-webhook-certs"), (.serviceAccounts, "gtoken-webhook-sa"),
            ] { XCTAssertNil(kubernetes.object(resource, namespace: "infra", name), name) }
            XCTAssertNotNil(kubernetes.object(.namespaces, "infra"), "others may live there")
            XCTAssertNotNil(
                kubernetes.object(.deployments, namespace: "gtoken", "gtoken-webhook-deployment")
            )
        }
    }

    func testAnotherSourceOfCertificatesLeavesNoGap() async throws {
        try await withInstallStage { stage in
            stage.startKubelet()
            let install = try await stage.run(["install"] + InstallStage.images)
            XCTAssertEqual(install.status, 0, install.output + install.errors)
            for source in ["static-certs", "self-managed"] {
                let watched = try await stage.watchingCoverage {
                    try await stage.run(["upgrade", "--certificates=\(source)"])
                }
                XCTAssertEqual(watched.value.status, 0, watched.value.output + watched.value.errors)
                XCTAssertEqual(watched.gaps, 0, "\(source), of \(watched.looks): \(watched.value.errors)")
                XCTAssertTrue(watched.value.errors.contains("a second webhook answers"), watched.value.errors)
            }
        }
    }

    func testGoesOnWhereItWasInterrupted() async throws {
        try await withInstallStage { stage in
            try self.putGoProject(stage, namespace: "gtoken")
            let waits = ["upgrade", "--no-audit", "--timeout=1s"] + InstallStage.images
            let interrupted = try await stage.run(waits)
            XCTAssertEqual(interrupted.status, 69, interrupted.output)
            XCTAssertTrue(
                interrupted.errors.contains("gtoken-webhook-bridge-deployment does not get ready"),
                interrupted.errors
            )
            let covered = await stage.isCovered()
            XCTAssertTrue(covered, "nothing of the Go project's was touched")
            stage.startKubelet()
            let resumed = try await stage.run(["upgrade", "--no-audit"] + InstallStage.images)
            XCTAssertEqual(resumed.status, 0, resumed.output + resumed.errors)
            XCTAssertNil(
                stage.stage.kubernetes.object(
                    .mutatingWebhookConfigurations,
                    "mutating-gtoken-webhook-cfg-bridge"
                )
            )
        }
    }
}
