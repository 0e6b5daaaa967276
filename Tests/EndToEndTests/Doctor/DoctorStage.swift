import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import TestSupport

/// A stage on which everything is as it should be: a binding of each identity, the webhook's objects, a served certificate and
/// injected Pods.
final class DoctorStage: Sendable {
    let stage: SetupStage
    let authority: CertificateAuthority
    private let server: Task<Void, any Error>
    private let group: EventLoopGroup
    private let folder: TemporaryDirectory

    /// The Google service account of ``SetupStage/binding``.
    static let email = "orders-gsa@demo-project.iam.gserviceaccount.com"
    static let identityCluster = [
        "--identity=cluster", "--project=demo-project", "--cluster-name=main",
        "--cluster-location=europe-west1",
        "--namespace=shop", "--service-account=bills", "--aws-role=bills", "--aws-policy=AmazonSQSFullAccess",
    ]

    init() async throws {
        stage = try await SetupStage()
        folder = try TemporaryDirectory()
        group = try EventLoopGroup(count: 1)
        authority = try CertificateAuthority.create(commonName: "webhook", validFor: .seconds(3600))
        let leaf = try authority.issueServerCertificate(
            dnsNames: ["gtoken-webhook-svc.gtoken.svc"],
            validFor: .seconds(3600)
        )
        let context = try TLSServerContext(
            certificateChainPEM: leaf.certificatePEM,
            privateKeyPEM: leaf.privateKeyPEM
        )
        let loop = group.next()
        let server = HTTPServer(address: .loopback(port: 0), loops: [loop], tls: { context }) { _ in
            HTTPResponse(status: 200)
        }
        let port = try server.start()
        self.server = Task(executorPreference: loop) { try await server.run() }
        // The stand-in forwards no ports: this kubectl does so to the server above, and all else is the real one's.
        let script = """
            #!/bin/sh
            for word in "$@"; do
                if [ "$word" = port-forward ]; then
                    echo "Forwarding from 127.0.0.1:\(port) -> 10250"
                    exec sleep 60
                fi
            done
            PATH="$REAL_PATH" exec kubectl "$@"

            """
        let path = try folder.write("kubectl", Array(script.utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    }

    /// The environment in which ports are forwarded.
    var forwarding: [String: String] {
        let real = stage.environment["PATH"] ?? ""
        return ["PATH": "\(folder.path):\(real)", "REAL_PATH": real]
    }

    /// Sets everything up as it should be, again where something was planted.
    func heal() async throws -> [ToolResult] {
        stage.aws.register(policy: "arn:aws:iam::aws:policy/AmazonSQSFullAccess")
        var results: [ToolResult] = []
        for binding in [SetupStage.binding, Self.identityCluster] {
            results.append(try await stage.run(["apply", "--adopt"] + binding))
        }
        putWebhook()
        putService()
        putDeployment()
        putPod("orders-1", account: "orders", isInjected: true)
        putPod("bills-1", account: "bills", isInjected: true)
        return results
    }

    func putWebhook(caBundle: String? = nil, resource: String = "pods") {
        let bundle = caBundle ?? Base64.encode(authority.certificatePEM)
        stage.kubernetes.put(
            .mutatingWebhookConfigurations,
            Array(
                (#"{"metadata":{"name":"mutating-gtoken-webhook-cfg"},"webhooks":[{"name":"gtoken.doit-intl.com","#
                    + #""clientConfig":{"service":{"name":"gtoken-webhook-svc","namespace":"gtoken","path":"/pods","#
                    + #""port":443},"caBundle":"\#(bundle)"},"rules":[{"apiGroups":[""],"apiVersions":["v1"],"#
                    + #""operations":["CREATE"],"resources":["\#(resource)"]}],"namespaceSelector":{"matchExpressions":["#
                    + #"{"key":"admission.gtoken/ignore","operator":"DoesNotExist"},{"key":"team","operator":"NotIn","#
                    + #""values":["none"]}]}}]}"#).utf8
            )
        )
    }

    func putService(targetPort: Int = 10250) {
        stage.kubernetes.put(
            .services,
            Array(
                (#"{"metadata":{"name":"gtoken-webhook-svc","namespace":"gtoken"},"spec":{"selector":"#
                    + #"{"app":"gtoken-webhook"},"ports":[{"port":443,"targetPort":\#(targetPort)}]}}"#).utf8
            )
        )
    }

    func putDeployment(ready: Int = 2) {
        stage.kubernetes.put(
            .deployments,
            Array(
                (#"{"metadata":{"name":"gtoken-webhook-deployment","namespace":"gtoken"},"spec":{"replicas":2,"#
                    + #""template":{"metadata":{"labels":{"app":"gtoken-webhook"}}}},"status":{"readyReplicas":\#(ready)}}"#)
                    .utf8
            )
        )
    }

    func putPod(_ name: String, account: String, isInjected: Bool) {
        let annotations = isInjected ? #","annotations":{"admission.gtoken/status":"injected"}"# : ""
        stage.kubernetes.put(
            .pods,
            Array(
                (#"{"metadata":{"name":"\#(name)","namespace":"shop"\#(annotations)},"spec":{"serviceAccountName":"#
                    + #""\#(account)"},"status":{"phase":"Running"}}"#).utf8
            )
        )
    }

    func stop() async {
        server.cancel()
        _ = await server.result
        group.shutdown()
        await stage.stop()
    }
}
