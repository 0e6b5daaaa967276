import Foundation
import GTokenCore
import GTokenEmulator
import GTokenNet

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

    func annotate() throws {
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

    /// What a client of the user's own needs to be the Pod's application.
    func environmentForClients(_ outcome: DemoOutcome) -> [(name: String, value: String)] {
        outcome.environment + [
            ("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:\(stage.awsPort)"),
            ("GTOKEN_DEMO_DIR", stage.folder.path),
        ]
    }
}

/// What the demo came to.
struct DemoOutcome {
    /// The environment of the Pod's application.
    var environment: [(name: String, value: String)]
    /// Who AWS says that it is.
    var callerARN: String
}
