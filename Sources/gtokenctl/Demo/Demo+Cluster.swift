import GTokenCore
import GTokenEmulator
import GTokenNet
import GTokenRuntime

/// Identity `cluster`: the kubelet, played by the demo, gets the token from the API server.
extension Demo {
    func showCluster() async throws -> DemoOutcome {
        let subject = stage.publisher
        try report.chapter(subject.identity, "by the token of its own cluster")
        try annotate(
            subject,
            "Another ServiceAccount chooses identity cluster; it needs no Google account",
            "Its role trusts the cluster, which IAM knows as an OpenID Connect provider"
        )
        try report.step("The webhook gives its Pod a volume with a token for AWS, and no further container")
        let pod = try await admit(subject)
        guard pod.initContainers.isEmpty else {
            throw DemoError.unexpected("a container was injected for identity cluster")
        }
        let container = try application(of: pod)
        let environment = pod.environment(of: container)
        let file = try tokenFile(environment)
        let tokens = pod.projectedTokens(of: container)
        guard let projected = tokens.first(where: { $0.file == file }) else {
            throw DemoError.unexpected("no projected volume has the token file of the environment")
        }
        try report.show(projected.volume)

        try report.step(
            "The kubelet asks the API server for that token and writes it to the volume"
        )
        let kubelet = DemoKubelet(
            api: try HTTPURL(scheme: .http, host: "127.0.0.1", port: stage.kubernetesPort),
            http: HTTPClient(loop: loop)
        )
        let name = subject.pod.generatedName
        let bound = DemoKubelet.Pod(
            name: name,
            uid: stage.kubernetes.run(pod: name, as: subject.pod.account)
        )
        let token = try await kubelet.token(of: subject.pod.account, projected, for: bound)
        try AtomicFile.replace(path: projected.file, contents: Array(token.utf8), mode: 0o644)
        try showClaims(of: readToken(projected.file))
        let outcome = try await assumeRole(subject, environment)

        try report.step("Other tokens of the cluster are refused")
        guard let ordinary = tokens.first(where: { $0.audience == nil }) else {
            throw DemoError.unexpected("the Pod has no token for the Kubernetes API")
        }
        try await refuse(
            try await kubelet.token(of: subject.pod.account, ordinary, for: bound),
            "the Pod's own token for the Kubernetes API",
            with: "InvalidIdentityToken"
        )
        try await refuse(
            try await kubelet.token(of: stage.uploader.pod.account, projected),
            "a token for AWS of another ServiceAccount of the namespace",
            with: "AccessDenied"
        )
        return outcome
    }

    private func refuse(_ token: String, _ what: String, with code: String) async throws {
        guard let refusal = try await refusal(of: token, by: stage.publisher.role), refusal.code == code
        else {
            throw DemoError.unexpected("a token was not refused with \(code): \(what)")
        }
        try report.confirm("\(what): \(refusal)")
    }
}
