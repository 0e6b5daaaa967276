import GTokenCore
import GTokenNet
import GTokenRuntime

/// Does what a plan says, and proves that the webhook works.
struct Installer: Sendable {
    let kubectl: Kubectl
    let settings: WebhookSettings
    let plan: InstallPlan
    /// Until when it may take.
    let deadline: UnixTime
    let clock: LoopClock
    let style: Style

    /// A plan's work, to be done within a time from now on.
    init(
        _ kubectl: Kubectl,
        _ settings: WebhookSettings,
        _ plan: InstallPlan,
        timeout: Duration,
        style: Style
    ) {
        (self.kubectl, self.settings, self.plan, self.style) = (kubectl, settings, plan, style)
        clock = LoopClock(kubectl.loop)
        deadline = clock.now() + timeout
    }

    /// Applies everything, waits until it works, and answers what was looked at at the end.
    ///
    /// Where a webhook is serving already, Pods may be made to wait for it at once. With `bridges` another answers for it
    /// meanwhile.
    func run(isServing: Bool, bridges: Bool = false) async throws -> CheckedSection {
        if bridges { try await bridge.raise() }
        try await remove(plan.replaced)
        let registrations = plan.manifests.filter { $0.reference.kind == .mutatingWebhookConfiguration }
        let deployments = plan.manifests.filter { $0.reference.kind == .deployment }
        let others = plan.manifests.filter {
            ![.mutatingWebhookConfiguration, .deployment].contains($0.reference.kind)
        }
        // Nobody shall wait for a webhook that has never answered.
        let isStaged = settings.failurePolicy == .fail && !(isServing && plan.replaced.isEmpty)
        try await apply(others)
        // Replicas of before keep caBundle as they know it, as long as they may.
        let rights = plan.stale.filter { $0.kind.name.hasSuffix("RoleBinding") }
        try await remove(rights)
        let pair = try await staticPair()
        try await apply(deployments)
        try await apply(isStaged ? registrations.map(Self.ignoringFailures) : registrations)
        if let pair { try await StaticCertificates(kubectl, namespace: settings.namespace).trust(pair) }
        let replicas = try await rollout.wait()
        let proof = await prove(replicas)
        guard proof.isWell else { return proof }
        if isStaged { try await apply(registrations) }
        let remains =
            bridges ? try await WebhookBridge.remains(in: settings.namespace, kubectl) : plan.bridge
        try await remove(remains + plan.stale.filter { !rights.contains($0) })
        return proof
    }

    private var bridge: WebhookBridge {
        WebhookBridge(
            kubectl: kubectl,
            settings: settings,
            deadline: deadline,
            clock: clock,
            report: report
        )
    }

    // MARK: Applying

    private func apply(_ manifests: [Manifest]) async throws {
        let changes = Dictionary(plan.changes.map { ($0.object, $0.action) }) { first, _ in first }
        let changed = manifests.filter { changes[ObjectID($0.reference)] != .keep }
        try await kubectl.apply(changed.map(\.bytes))
        for manifest in changed {
            let isNew = changes[ObjectID(manifest.reference)] == .create
            report("\(isNew ? style.green("created") : style.yellow("updated")) \(manifest.reference)")
        }
    }

    /// Removes objects in their order.
    func remove(_ references: [KubernetesObjectReference]) async throws {
        try await kubectl.delete(references)
        for reference in references { report("\(style.red("deleted")) \(reference)") }
    }

    private static func ignoringFailures(_ manifest: Manifest) throws(ToolError) -> Manifest {
        try manifest.patched([
            .replace(
                JSONPointer(["webhooks", "0", "failurePolicy"]),
                value: Array(#""Ignore""#.utf8)
            )
        ])
    }

    private func staticPair() async throws -> StaticPair? {
        guard settings.certificates == .staticFiles else { return nil }
        let outcome = try await StaticCertificates(kubectl, namespace: settings.namespace)
            .ensure(validFor: .seconds(365 * 86_400))
        if outcome.isNew {
            report(
                "\(style.green("created")) Secret \(settings.namespace)/\(WebhookNames.standard.certificates)"
            )
        }
        return outcome.pair
    }

    // MARK: Waiting

    private var rollout: WebhookRollout {
        WebhookRollout(
            kubectl: kubectl,
            namespace: settings.namespace,
            deadline: deadline,
            clock: clock,
            report: { report("waiting: \($0)") }
        )
    }

    private func prove(_ replicas: String) async -> CheckedSection {
        let examination = Examination("webhook")
        let ready = await examination.check("webhook replicas") { .ok((), replicas) }
        let trust = await examination.check("caBundle", after: ready) { _ in
            let (registration, trust) = try await trusted()
            return .ok((registration, trust.anchors), trust.detail)
        }
        await examination.check("served certificate", after: trust) { registration, anchors in
            guard let asked = registration.service,
                let service = try await kubectl.find([
                    "service", asked.name, "--namespace=\(asked.namespace)",
                ])
            else { throw CheckSkipped("the registration names no Service that is there") }
            let served = ServedCertificate(service, port: asked.port, kubectl)
            return .ok((), try await served.check(trusting: anchors))
        }
        return examination.section
    }

    /// What API servers trust, as soon as somebody has written it.
    private func trusted() async throws -> (InstalledWebhook, (anchors: [TrustAnchor], detail: String)) {
        while true {
            guard let installed = try await Installation.find(kubectl) else {
                throw CheckFailure(
                    "the MutatingWebhookConfiguration is gone",
                    hint: "somebody, or a tool for GitOps, removes it"
                )
            }
            do throws(CheckFailure) {
                return (installed.registration, try installed.registration.trusted(at: clock.now()))
            } catch {
                guard clock.now() + WebhookRollout.interval <= deadline else { throw error }
            }
            try await clock.sleep(for: WebhookRollout.interval)
        }
    }

    private func report(_ line: String) { StandardError.writeLine(line) }
}

extension CommandLoop {
    /// Runs the work of a command that sets a webhook up or takes it away.
    static func runInstalling(
        _ body: @escaping @Sendable (EventLoop) async throws -> ExitCode
    ) throws(ToolError) -> Never {
        try run { loop in
            do {
                return try await body(loop)
            } catch KubectlError.refused("Forbidden", let message) {
                throw ToolError(
                    "\(KubectlError.refused(reason: "Forbidden", message: message))",
                    hint:
                        "it needs the rights to read, make and remove all of deployment/, roles among it, such as cluster-admin has: "
                        + "gcloud projects add-iam-policy-binding PROJECT --role=roles/container.admin --member=user:YOU",
                    exitCode: .refused
                )
            }
        }
    }
}
