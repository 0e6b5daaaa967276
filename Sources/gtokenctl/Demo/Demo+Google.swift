import GTokenCore
import GTokenEmulator
import GTokenNet

/// Identity `google`: the real gtoken gets the token, run as a kubelet would run it.
extension Demo {
    func showGoogle() async throws -> DemoOutcome {
        let subject = stage.uploader
        try report.chapter(subject.identity, "by the token of a Google service account")
        try annotate(
            subject,
            "A ServiceAccount names an AWS role",
            "The role trusts that account, and only for tokens that were made for AWS"
        )
        try stage.aws.register(
            stage.guideRole,
            trustPolicy: TrustPolicy.subjectOnly(uniqueID: stage.googleAccount.uniqueID)
        )
        try report.step("A Job's Pod is created under it; this is what its author wrote")
        try report.show(try JSONDocument(subject.pod.asWritten).root)
        try report.step("The API server asks the webhook, which answers with a patch")
        let pod = try await admit(subject)
        try report.step("The Pod as it runs")
        for list in ["initContainers", "containers", "volumes"] {
            guard let value = pod.pod["spec"]?[list] else { continue }
            try report.say("\(list):")
            try report.show(value)
        }
        try await runGToken(of: pod)
        try report.step("What the token says (the token itself is never shown)")
        let environment = pod.environment(of: try application(of: pod))
        try showClaims(of: readToken(tokenFile(environment)))
        let outcome = try await assumeRole(subject, environment)
        try await refuseReplay()
        return outcome
    }

    /// Runs the injected container's command the way a kubelet would.
    private func runGToken(of pod: PatchedPod) async throws {
        guard let container = pod.initContainers.first else {
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

    /// The same account's token for somebody else must not be worth an AWS role.
    private func refuseReplay() async throws {
        try report.step("A token of the same account that was made for another service is refused")
        let path = stage.uploader.path("other-token")
        let gtoken = try runGToken(["--audience=https://other-service.example", "--file=\(path)"])
        guard try await gtoken.waitForEnd() == 0 else {
            throw DemoError.unexpected("gtoken got no second token")
        }
        let token = try readToken(path)
        guard let refusal = try await refusal(of: token, by: stage.uploader.role),
            refusal.code == "AccessDenied"
        else {
            throw DemoError.unexpected("the trust policy did not refuse a token for another audience")
        }
        try report.confirm("the trust policy that pins oaud refuses it: \(refusal)")
        if let refusal = try await self.refusal(of: token, by: stage.guideRole) {
            throw DemoError.unexpected("the guide's policy refused the token: \(refusal)")
        }
        try report.confirm("the original guide's policy, which pins sub alone, would have accepted it")
    }
}

/// Where the token's image has its binary.
private enum InjectedBinary {
    static let path = "/gtoken"
}
