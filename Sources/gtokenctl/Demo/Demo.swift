import Foundation
import GTokenClients
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime

/// The whole way of a Pod to its AWS role, on this machine, with the real tools and stand-ins for the clouds.
struct Demo {
    let stage: DemoStage
    let loop: EventLoop
    let report: DemoReport
    let sidecar: InjectionConfiguration.SidecarForm

    /// Runs every step; what does not go as documented ends it with an error.
    ///
    /// - Returns: the environment of the Pod's application.
    func run() async throws -> DemoOutcome {
        try annotate()
        let pod = PatchedPod(pod: try await admit())
        try await runGToken(of: pod)
        try showClaims()
        guard let application = pod.application else {
            throw DemoError.unexpected("the patched Pod has no container")
        }
        let environment = pod.environment(of: application)
        let callerARN = try await assumeRole(environment)
        try await refuseReplay()
        return DemoOutcome(environment: environment, callerARN: callerARN)
    }

    // MARK: Steps

    private func annotate() throws {
        try report.step("A ServiceAccount names an AWS role")
        let account = try JSONDocument(stage.serviceAccount)
        stage.kubernetes.apply(
            stage.identity.serviceAccount,
            annotations: Dictionary(uniqueKeysWithValues: stage.annotations.map { ($0.key, $0.value) })
        )
        try report.show(account.root)
        report.record("serviceAccount", account.bytes)
        try report.step("The role trusts that account, and only for tokens that were made for AWS")
        let policy = try JSONDocument(stage.trustPolicy.encoded)
        try stage.aws.register(stage.role, trustPolicy: stage.trustPolicy)
        try stage.aws.register(
            stage.guideRole,
            trustPolicy: TrustPolicy.subjectOnly(uniqueID: stage.identity.uniqueID)
        )
        try report.show(policy.root)
        report.record("trustPolicy", policy.bytes)
    }

    /// Has the real webhook review the Pod; answers the Pod as it would run.
    private func admit() async throws -> JSONValue {
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
                "--sidecar=\(sidecar.rawValue)",
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

    /// Runs the injected container's command the way a kubelet would.
    private func runGToken(of pod: PatchedPod) async throws {
        guard let container = pod.tokenContainers.first else {
            throw DemoError.unexpected("no container was injected")
        }
        let command = pod.commandLine(of: container)
        guard command.first == InjectedBinary.path else {
            throw DemoError.unexpected("the injected container runs \(command)")
        }
        let isSidecar = container["restartPolicy"]?.isString("Always") == true
        try report.step(
            isSidecar
                ? "The injected container runs gtoken, which writes the token and keeps it fresh"
                : "The injected init container runs gtoken once, which writes the token"
        )
        try report.say(command.joined(separator: " "))
        let gtoken = try runGToken(Array(command.dropFirst()))
        guard isSidecar else {
            guard try await gtoken.waitForEnd() == 0 else { throw DemoError.unexpected("gtoken failed") }
            return
        }
        let probe = pod.startupProbe(of: container)
        guard probe.first == InjectedBinary.path else {
            throw DemoError.unexpected("there is no startup probe")
        }
        _ = try await gtoken.wait(for: "the startup probe") {
            try await runGToken(Array(probe.dropFirst())).waitForEnd() == 0 ? true : nil
        }
        try report.confirm("startup probe: \(probe.joined(separator: " "))")
    }

    private func runGToken(_ arguments: [String]) throws -> DemoTool {
        let environment = ["GCE_METADATA_HOST": "127.0.0.1:\(stage.googlePort)"]
        return try stage.start("gtoken", arguments, environment: environment)
    }

    private func readToken(_ path: String) throws -> String {
        String(decoding: try FileReader.read(path: path, maxBytes: UnverifiedJWT.maxBytes), as: UTF8.self)
    }

    private func showClaims() throws {
        try report.step("What the token says (the token itself is never shown)")
        let claims = try UnverifiedJWT(parsing: readToken("\(stage.volumePath)/gtoken")).claims
        let facts = [
            ("iss", claims.issuer), ("sub", claims.subject), ("aud", claims.audience.joined(separator: ", ")),
            ("azp", claims.authorizedParty), ("email", claims.email), ("exp", claims.expiresAt?.rfc3339),
        ].compactMap { name, value in value.map { (name: name, value: $0) } }
        try report.show(facts)
        report.record("claims", claims.raw.bytes)
    }

    /// What an SDK does with the environment; answers the caller's ARN.
    private func assumeRole(_ environment: [(name: String, value: String)]) async throws -> String {
        try report.step("An AWS SDK in the application's container finds the role by its environment")
        try report.show(environment)
        let values = Dictionary(environment.map { ($0.name, $0.value) }) { first, _ in first }
        guard let role = values["AWS_ROLE_ARN"], let file = values["AWS_WEB_IDENTITY_TOKEN_FILE"],
            let session = values["AWS_ROLE_SESSION_NAME"]
        else { throw DemoError.unexpected("the patch sets no role, token file or session name") }
        let sts = try stsClient()
        let assumed = try await sts.assumeRoleWithWebIdentity(
            WebIdentityExchange(
                role: try RoleARN(parsing: role),
                sessionName: try RoleSessionName(parsing: session),
                token: try readToken(file)
            )
        )
        let caller = try await sts.getCallerIdentity(with: assumed.credentials)
        let expiration = assumed.credentials.expiresAt?.rfc3339 ?? "further notice"
        try report.confirm("credentials until \(expiration)")
        try report.confirm("the caller is \(caller.arn)")
        report.record("expiration", expiration)
        report.record("callerARN", caller.arn)
        return caller.arn
    }

    /// The same account's token for somebody else must not be worth an AWS role.
    private func refuseReplay() async throws {
        try report.step("A token of the same account that was made for another service is refused")
        let path = stage.folder.appendingPathComponent("other-token").path
        let gtoken = try runGToken(["--audience=https://other-service.example", "--file=\(path)"])
        guard try await gtoken.waitForEnd() == 0 else {
            throw DemoError.unexpected("gtoken got no second token")
        }
        let token = try readToken(path)
        let sts = try stsClient()
        let session = try RoleSessionName(parsing: "replay")
        func refusal(by role: RoleARN) async -> STSClientError? {
            let exchange = WebIdentityExchange(role: role, sessionName: session, token: token)
            do throws(STSClientError) {
                _ = try await sts.assumeRoleWithWebIdentity(exchange)
                return nil
            } catch {
                return error
            }
        }
        guard case .service(_, "AccessDenied", let message) = await refusal(by: stage.role) else {
            throw DemoError.unexpected("the trust policy did not refuse a token for another audience")
        }
        try report.confirm("the trust policy that pins oaud refuses it: AccessDenied, \(message)")
        if let refusal = await refusal(by: stage.guideRole) { throw refusal }
        try report.confirm("the original guide's policy, which pins sub alone, would have accepted it")
    }

    /// What a client of the user's own needs to be the Pod's application.
    func environmentForClients(_ outcome: DemoOutcome) -> [(name: String, value: String)] {
        outcome.environment + [
            ("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:\(stage.awsPort)"),
            ("GTOKEN_DEMO_DIR", stage.folder.path),
        ]
    }

    private func stsClient() throws -> STSClient {
        STSClient(
            endpoint: try HTTPURL(parsing: "http://127.0.0.1:\(stage.awsPort)"),
            clock: LoopClock(loop),
            http: HTTPClient(loop: loop)
        )
    }
}

/// What the demo came to.
struct DemoOutcome {
    /// The environment of the Pod's application.
    var environment: [(name: String, value: String)]
    /// Who AWS says that it is.
    var callerARN: String
}

/// Where the token's image has its binary.
private enum InjectedBinary {
    static let path = "/gtoken"
}
