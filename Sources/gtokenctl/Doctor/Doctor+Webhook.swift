import GTokenAdminClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// The webhook, as the cluster has it.
extension Doctor {
    func examineWebhook(
        _ ways: Ways,
        _ clusters: [Checked<GKEClusterState>],
        _ examination: Examination
    ) async -> Checked<InstalledWebhook> {
        let install = "install it: gtokenctl install, or kubectl apply -k deployment"
        let webhook = await examination.check("webhook configuration", after: ways.kubernetes) { kubectl in
            let found = try await kubectl.list(["mutatingwebhookconfigurations"])
            guard let webhook = InstalledWebhook(among: found) else {
                throw CheckFailure("no MutatingWebhookConfiguration is gtoken's", hint: install)
            }
            return .ok(webhook, webhook.configuration)
        }
        await examination.check("webhook rules", after: webhook) { webhook in
            guard webhook.webhooks.contains(where: webhook.asksAboutPods) else {
                throw CheckFailure(
                    "\(webhook.configuration) has no rule for CREATE of pods",
                    hint: "put the configuration back: gtokenctl install, or kubectl apply -k deployment"
                )
            }
            return .ok((), "new Pods are asked about")
        }
        let anchors = await examination.check("caBundle", after: webhook) { webhook in
            let (anchors, detail) = try webhook.trusted(at: access.clock.now())
            return .ok(anchors, detail)
        }
        let service = await examination.check("webhook Service", after: webhook.and(ways.kubernetes)) {
            webhook,
            kubectl in
            guard let asked = webhook.service else {
                throw CheckSkipped("\(webhook.configuration) asks a URL, not a Service")
            }
            guard
                let service = try await kubectl.find(
                    ["service", asked.name, "--namespace=\(asked.namespace)"]
                )
            else { throw CheckFailure("there is no Service \(asked.namespace)/\(asked.name)", hint: install) }
            return .ok(service, "\(asked.namespace)/\(asked.name)")
        }
        let deployment = await examination.check("webhook replicas", after: service.and(ways.kubernetes)) {
            service,
            kubectl in
            try await checkReplicas(service, kubectl)
        }
        await examination.check("served certificate", after: anchors.and(service).and(ways.kubernetes)) {
            need,
            kubectl in
            let port = webhook.value?.service?.port ?? 443
            return .ok((), try await ServedCertificate(need.1, port: port, kubectl).check(trusting: need.0))
        }
        for cluster in clusters {
            await examination.check("reachability", after: cluster.and(service).and(deployment)) {
                need,
                deployment in
                try checkReachability(need.0, need.1, deployment)
            }
        }
        return webhook
    }

    // MARK: The Deployment

    private func checkReplicas(
        _ service: JSONValue,
        _ kubectl: Kubectl
    ) async throws -> CheckOutcome<JSONValue> {
        let namespace = service["metadata"]?["namespace"]?.string() ?? ""
        let selector = service["spec"]?["selector"]?.members.map { ($0.name, $0.value.string()) } ?? []
        let deployments = try await kubectl.list(["deployments", "--namespace=\(namespace)"])
        let found = deployments.first { deployment in
            let labels = deployment["spec"]?["template"]?["metadata"]?["labels"]
            return !selector.isEmpty && selector.allSatisfy { labels?[$0.0]?.string() == $0.1 }
        }
        guard let found else {
            throw CheckFailure(
                "no Deployment in \(namespace) has the Pods that the Service selects",
                hint: "install it: gtokenctl install, or kubectl apply -k deployment"
            )
        }
        let name = found["metadata"]?["name"]?.string() ?? ""
        let wanted = found["spec"]?["replicas"]?.integer() ?? 1
        let ready = found["status"]?["readyReplicas"]?.integer() ?? 0
        guard ready >= wanted, wanted > 0 else {
            throw CheckFailure(
                "\(ready) of \(wanted) replicas of \(name) are ready",
                hint:
                    "kubectl --namespace=\(namespace) describe deployment \(name); kubectl --namespace=\(namespace) logs "
                    + "deployment/\(name)"
            )
        }
        return .ok(found, "\(ready) of \(wanted) ready")
    }

    // MARK: The way from the control plane

    private func checkReachability(
        _ cluster: GKEClusterState,
        _ service: JSONValue,
        _ deployment: JSONValue
    ) throws -> CheckOutcome<Void> {
        guard cluster.hasPrivateNodes else {
            return .ok((), "the nodes of \(cluster.cluster.name) are not private")
        }
        let target = service["spec"]?["ports"]?.elements.first { _ in true }?["targetPort"]
        let port = target?.integer() ?? Self.port(named: target?.string() ?? "", deployment)
        guard let port else { throw CheckSkipped("the port of the webhook's Pods is not known") }
        guard port == 443 || port == 10250 else {
            let range = cluster.controlPlaneRange ?? "CONTROL_PLANE_RANGE"
            return .warning(
                (),
                "nodes are private, and the webhook listens on \(port): the control plane reaches 443 and 10250 alone",
                hint: "listen on 10250, or: gcloud compute firewall-rules create gtoken-webhook "
                    + "--project=\(cluster.cluster.project) --source-ranges=\(range) --allow=tcp:\(port)"
            )
        }
        return .ok((), "the control plane reaches private nodes on \(port)")
    }

    private static func port(named name: String, _ deployment: JSONValue) -> Int64? {
        let containers = deployment["spec"]?["template"]?["spec"]?["containers"]?.elements.map { $0 } ?? []
        return containers.lazy.flatMap { $0["ports"]?.elements.map { $0 } ?? [] }
            .first { $0["name"]?.isString(name) ?? false }?["containerPort"]?.integer()
    }
}
