import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime

/// The whole way of Pods to their AWS roles, on this machine, with the real tools and stand-ins for the clouds.
struct Demo {
    let stage: DemoStage
    let loop: EventLoop
    let report: DemoReport
    let sidecar: InjectionConfiguration.SidecarForm

    /// Shows both identities; what does not go as documented ends it with an error.
    func run() async throws -> [DemoOutcome] {
        [try await showGoogle(), try await showCluster()]
    }

    /// Makes the ServiceAccount and its role, and shows both.
    func annotate(
        _ subject: DemoSubject,
        _ accountTitle: String,
        _ policyTitle: String
    ) throws {
        try report.step(accountTitle)
        let account = try JSONDocument(subject.serviceAccount)
        stage.kubernetes.apply(
            subject.pod.account,
            annotations: Dictionary(uniqueKeysWithValues: subject.annotations.map { ($0.key, $0.value) })
        )
        try report.show(account.root)
        report.record("serviceAccount", account.bytes)
        try report.step(policyTitle)
        let policy = try JSONDocument(subject.trustPolicy.encoded)
        try stage.aws.register(subject.role, trustPolicy: subject.trustPolicy)
        try report.show(policy.root)
        report.record("trustPolicy", policy.bytes)
    }

    /// The user's container in a Pod that the webhook patched.
    func application(of pod: PatchedPod) throws -> JSONValue {
        guard let application = pod.application else {
            throw DemoError.unexpected("the patched Pod has no container")
        }
        return application
    }

    /// Where a Pod's environment says that its token is.
    func tokenFile(_ environment: [(name: String, value: String)]) throws -> String {
        guard let file = environment.first(where: { $0.name == "AWS_WEB_IDENTITY_TOKEN_FILE" })?.value else {
            throw DemoError.unexpected("the patch sets no token file")
        }
        return file
    }

    func readToken(_ path: String) throws -> String {
        String(decoding: try FileReader.read(path: path, maxBytes: UnverifiedJWT.maxBytes), as: UTF8.self)
    }

    func showClaims(of token: String) throws {
        let claims = try UnverifiedJWT(parsing: token).claims
        let facts = [
            ("iss", claims.issuer), ("sub", claims.subject), ("aud", claims.audience.joined(separator: ", ")),
            ("azp", claims.authorizedParty), ("email", claims.email), ("exp", claims.expiresAt?.rfc3339),
        ].compactMap { name, value in value.map { (name: name, value: $0) } }
        try report.show(facts)
        report.record("claims", claims.raw.bytes)
    }
}

/// What the demo of one identity came to.
struct DemoOutcome {
    let subject: DemoSubject
    /// The environment of the Pod's application.
    let environment: [(name: String, value: String)]
    /// Who AWS says that it is.
    let callerARN: String

    /// What a client of the user's own needs to be the Pod's application.
    func environmentForClients(_ stage: DemoStage) -> [(name: String, value: String)] {
        environment + [
            ("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:\(stage.awsPort)"),
            ("GTOKEN_DEMO_DIR", subject.folder.path),
            ("GTOKEN_DEMO_DISCOVERY", "\(stage.discovery(of: subject.identity))"),
        ]
    }
}
