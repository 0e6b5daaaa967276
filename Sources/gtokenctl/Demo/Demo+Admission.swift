import GTokenCore
import GTokenNet

/// The part in which the real webhook reviews a Pod.
extension Demo {
    /// Has the real webhook review a Pod, and lists its patch; answers the Pod as it would run.
    func admit(_ subject: DemoSubject) async throws -> PatchedPod {
        let review = subject.pod.review
        let (webhook, client, port) = try await startWebhook(for: subject)
        let url = try HTTPURL(parsing: "https://127.0.0.1:\(port)/pods?timeout=10s")
        let response = try await client.send(
            HTTPClientRequest(
                method: "POST",
                url: url,
                headers: ["Content-Type": "application/json"],
                body: review
            )
        )
        guard response.status == 200 else {
            throw DemoError.unexpected("the webhook answered \(response.status): \(response.text)")
        }
        guard let object = try JSONDocument(review).root["request"]?["object"],
            let encoded = try JSONDocument(response.body).root["response"]?["patch"]?.string(),
            let patchBytes = Base64.decode(encoded)
        else { throw DemoError.unexpected("the webhook did not patch the Pod") }
        let patch = try JSONPatch(parsing: JSONDocument(patchBytes))
        for operation in patch.operations { try report.say("\(operation.name) \(operation.path)") }
        let patched = try patch.applied(to: JSONDocument(Array(object.rawBytes)))
        try subject.write("review.json", review)
        try subject.write("response.json", response.body)
        try subject.write("pod.json", Array(object.rawBytes))
        try subject.write("patch.json", patchBytes)
        try subject.write("pod-patched.json", patched)
        report.record("pod", Array(object.rawBytes))
        report.record("patch", patchBytes)
        report.record("podPatched", patched)
        guard try await webhook.stop() == 0 else {
            throw DemoError.unexpected("the webhook did not end well")
        }
        return PatchedPod(pod: try JSONDocument(patched).root, origin: subject.pod)
    }

    /// Starts a webhook for a Pod; on this one machine its volume has a path of its own.
    private func startWebhook(for subject: DemoSubject) async throws -> (DemoTool, HTTPClient, Int64) {
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
                "--volume-path=\(subject.volumePath)",
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
