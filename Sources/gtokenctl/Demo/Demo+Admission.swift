import GTokenCore
import GTokenNet

/// The step in which the real webhook reviews the Pod.
extension Demo {
    /// Has the real webhook review the Pod; answers the Pod as it would run.
    func admit() async throws -> JSONValue {
        try report.step("A Job's Pod is created under it; this is what its author wrote")
        try report.show(try JSONDocument(DemoPod.asWritten).root)

        try report.step("The API server asks the webhook, which answers with a patch")
        let (webhook, client, port) = try await startWebhook()
        let url = try HTTPURL(parsing: "https://127.0.0.1:\(port)/pods?timeout=10s")
        let response = try await client.send(
            HTTPClientRequest(
                method: "POST",
                url: url,
                headers: ["Content-Type": "application/json"],
                body: DemoPod.review
            )
        )
        guard response.status == 200 else {
            throw DemoError.unexpected("the webhook answered \(response.status): \(response.text)")
        }
        guard let object = try JSONDocument(DemoPod.review).root["request"]?["object"],
            let encoded = try JSONDocument(response.body).root["response"]?["patch"]?.string(),
            let patchBytes = Base64.decode(encoded)
        else { throw DemoError.unexpected("the webhook did not patch the Pod") }
        let patch = try JSONPatch(parsing: JSONDocument(patchBytes))
        for operation in patch.operations { try report.say("\(operation.name) \(operation.path)") }
        let patched = try patch.applied(to: JSONDocument(Array(object.rawBytes)))
        try stage.write("review.json", DemoPod.review)
        try stage.write("response.json", response.body)
        try stage.write("pod.json", Array(object.rawBytes))
        try stage.write("patch.json", patchBytes)
        try stage.write("pod-patched.json", patched)
        report.record("pod", Array(object.rawBytes))
        report.record("patch", patchBytes)
        report.record("podPatched", patched)
        guard try await webhook.stop() == 0 else {
            throw DemoError.unexpected("the webhook did not end well")
        }

        try report.step("The Pod as it runs")
        let root = try JSONDocument(patched).root
        guard let spec = root["spec"] else { throw DemoError.unexpected("the patched Pod has no spec") }
        for list in ["initContainers", "containers", "volumes"] {
            guard let value = spec[list] else { continue }
            try report.say("\(list):")
            try report.show(value)
        }
        return root
    }

    private func startWebhook() async throws -> (DemoTool, HTTPClient, Int64) {
        let authority = try CertificateAuthority.create(commonName: "gtoken demo", validFor: .seconds(3600))
        let leaf = try authority.issueServerCertificate(
            dnsNames: ["gtoken-webhook-svc.gtoken.svc"],
            ipAddresses: ["127.0.0.1"],
            validFor: .seconds(3600)
        )
        let webhook = try stage.start(
            "gtoken-webhook",
            [
                "--json", "server", "--listen-address=127.0.0.1:0",
                "--tls-cert-file=\(try stage.write("cert.pem", leaf.certificatePEM))",
                "--tls-private-key-file=\(try stage.write("key.pem", leaf.privateKeyPEM))",
                "--kube-api=http://127.0.0.1:\(stage.kubernetesPort)", "--image=gtoken:demo",
                "--volume-path=\(stage.volumePath)",
                "--sidecar=\(sidecar.rawValue)", "--shutdown-delay=0s",
            ]
        )
        let port = try await webhook.wait(for: "its port") {
            webhook.logLines.first { $0["msg"]?.isString("listening") == true }?["port"]?.integer()
        }
        let client = HTTPClient(
            loop: loop,
            tls: try TLSClientContext(trustedRootsPEM: authority.certificatePEM)
        )
        _ = try await webhook.wait(for: "its readiness") {
            let url = try HTTPURL(parsing: "https://127.0.0.1:\(port)/readyz")
            return try await client.send(HTTPClientRequest(url: url)).isSuccess ? true : nil
        }
        return (webhook, client, port)
    }
}
