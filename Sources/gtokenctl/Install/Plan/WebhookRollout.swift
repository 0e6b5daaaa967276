import GTokenCore
import GTokenNet
import GTokenRuntime

/// Waits until the webhook's replicas are there, and says what keeps them.
struct WebhookRollout {
    let kubectl: Kubectl
    let namespace: String
    let deadline: UnixTime
    let clock: LoopClock
    var name = WebhookNames.standard.deployment
    /// Hears what is being waited for, each time that it is something else.
    let report: (String) -> Void

    /// What keeps a rollout from its end.
    private struct Obstacle {
        var what: String
        var hint: String
        /// Whether waiting is of no use.
        var isFinal = false
    }

    /// How often it is looked.
    static let interval = Duration.seconds(1)

    /// Waits; answers words about the replicas.
    ///
    /// - Throws: `ToolError`, at once where waiting is of no use.
    func wait() async throws -> String {
        var last = ""
        while true {
            let found: JSONValue?
            do throws(KubectlError) {
                found = try await kubectl.find([
                    KubernetesObjectReference.Kind.deployment.argument, name, "--namespace=\(namespace)",
                ])
            } catch {
                // A control plane may be away for a moment.
                guard case .unreachable = error, clock.now() + Self.interval <= deadline else { throw error }
                report("\(error)")
                try await clock.sleep(for: Self.interval)
                continue
            }
            guard let deployment = found else {
                throw ToolError("there is no Deployment \(namespace)/\(name)", exitCode: .unavailable)
            }
            let progress = Progress(deployment)
            if progress.isDone { return progress.text }
            let obstacle = try await obstacle(of: deployment)
            let text = progress.text + (obstacle.map { ": \($0.what)" } ?? "")
            if text != last {
                report(text)
                last = text
            }
            let isLate = clock.now() + Self.interval > deadline
            if isLate || obstacle?.isFinal ?? false {
                throw ToolError(
                    "Deployment \(namespace)/\(name) does not get ready: \(text)",
                    hint: obstacle?.hint
                        ?? "kubectl --namespace=\(namespace) describe deployment,pods; wait longer with --timeout",
                    exitCode: .unavailable
                )
            }
            try await clock.sleep(for: Self.interval)
        }
    }

    /// How far a Deployment is, as `kubectl rollout status` sees it.
    private struct Progress {
        let isDone: Bool
        let text: String

        init(_ deployment: JSONValue) {
            let status = deployment["status"]
            let wanted = deployment["spec"]?["replicas"]?.integer() ?? 1
            let updated = status?["updatedReplicas"]?.integer() ?? 0
            let available = status?["availableReplicas"]?.integer() ?? 0
            let all = status?["replicas"]?.integer() ?? 0
            let isSeen =
                status?["observedGeneration"]?.integer() ?? 0
                >= deployment["metadata"]?["generation"]?.integer() ?? 0
            isDone = isSeen && updated >= wanted && all <= updated && available >= wanted
            text =
                isDone
                ? "\(available) of \(wanted) replicas ready"
                : isSeen && updated >= wanted && available >= wanted
                    ? "\(all - updated) former replicas are ending"
                    : "\(isSeen ? min(available, updated) : 0) of \(wanted) replicas ready"
        }
    }

    // MARK: What keeps it

    private func obstacle(of deployment: JSONValue) async throws -> Obstacle? {
        let conditions = deployment["status"]?["conditions"]?.elements.map { $0 } ?? []
        let failure = conditions.first {
            $0["type"]?.isString("ReplicaFailure") ?? false && $0["status"]?.isString("True") ?? false
        }
        if let failure {
            return Obstacle(
                what: "no Pod can be made: \(failure["message"]?.string() ?? "no reason given")",
                hint:
                    "kubectl --namespace=\(namespace) describe replicaset; a quota or a policy of the cluster refuses them"
            )
        }
        let labels = deployment["spec"]?["selector"]?["matchLabels"]?.texts ?? [:]
        let selector = labels.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")
        let pods = try await kubectl.list(["pods", "--namespace=\(namespace)", "--selector=\(selector)"])
        for pod in pods {
            if let obstacle = try await obstacle(of: pod, in: deployment) { return obstacle }
        }
        return nil
    }

    private func obstacle(of pod: JSONValue, in deployment: JSONValue) async throws -> Obstacle? {
        let name = pod["metadata"]?["name"]?.string() ?? ""
        func isTrue(_ condition: JSONValue) -> Bool { condition["status"]?.isString("True") ?? false }
        let conditions = pod["status"]?["conditions"]?.elements.map { $0 } ?? []
        func condition(_ type: String) -> JSONValue? {
            conditions.first { $0["type"]?.isString(type) ?? false }
        }
        if condition("Ready").map(isTrue) ?? false || pod["metadata"]?["deletionTimestamp"] != nil {
            return nil
        }
        if let scheduled = condition("PodScheduled"), !isTrue(scheduled) {
            return Obstacle(
                what: "Pod \(name) is on no node: \(scheduled["message"]?.string() ?? "no reason given")",
                hint:
                    "kubectl --namespace=\(namespace) describe pod \(name); the cluster needs room for it, or --timeout time to make some"
            )
        }
        let container = pod["status"]?["containerStatuses"]?.elements.first { _ in true }
        let wanted = deployment["spec"]?["template"]?["spec"]?["containers"]?.elements.first { _ in true }?[
            "image"
        ]
        if let waiting = container?["state"]?["waiting"], let reason = waiting["reason"]?.string() {
            let message = waiting["message"]?.string().map { ": \($0)" } ?? ""
            let image = container?["image"]?.string() ?? wanted?.string() ?? ""
            if reason.contains("Image") || reason == "ErrImagePull" {
                return Obstacle(
                    what: "Pod \(name) cannot pull \(image): \(reason)\(message)",
                    hint:
                        "push the image there, or name another with --registry and --tag; the nodes must be let into the registry",
                    // The first failure may pass; a node that backs off, or a name that is none, does not.
                    isFinal: reason != "ErrImagePull" && isCurrent(image, wanted)
                )
            }
            if reason == "ContainerCreating" || reason == "PodInitializing" { return nil }
            return Obstacle(
                what: "Pod \(name) waits: \(reason)\(message)",
                hint: reason == "CrashLoopBackOff"
                    ? "kubectl --namespace=\(namespace) logs --previous \(name)"
                    : "kubectl --namespace=\(namespace) describe pod \(name)"
            )
        }
        guard container?["state"]?["running"] != nil else { return nil }
        let word = try await lastWords(of: name)
        let isRight = word.map { $0.contains("forbidden") || $0.contains("may not") } ?? false
        return Obstacle(
            what: "Pod \(name) is not ready" + (word.map { ": \($0)" } ?? ""),
            hint: isRight
                ? "a right of the ServiceAccount is missing: gtokenctl install applies the roles again; a policy of the cluster may take them"
                : "kubectl --namespace=\(namespace) logs \(name)"
        )
    }

    /// A Pod of a former version may wait for an image for ever.
    private func isCurrent(_ image: String, _ wanted: JSONValue?) -> Bool {
        wanted?.string().map { image == $0 || image.hasSuffix("/\($0)") } ?? true
    }

    /// The last warning or error in a Pod's log.
    private func lastWords(of pod: String) async throws -> String? {
        let printed: [UInt8]
        do throws(KubectlError) {
            printed = try await kubectl.run(["logs", pod, "--namespace=\(namespace)", "--tail=50"])
        } catch {
            return nil
        }
        let lines = String(decoding: printed, as: UTF8.self).split(separator: "\n").reversed()
        for line in lines {
            guard let entry = try? JSONDocument(Array(line.utf8)).root, let level = entry["level"]?.string(),
                ["warning", "warn", "error"].contains(level.lowercased()),
                let message = entry["msg"]?.string()
            else { continue }
            return ([message] + [entry["error"]?.string() ?? entry["reason"]?.string()].compactMap { $0 })
                .joined(separator: ": ").inOneLine
        }
        return nil
    }
}
