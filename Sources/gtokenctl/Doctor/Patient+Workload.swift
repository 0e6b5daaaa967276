import GTokenCore

/// The binding's side in the cluster.
extension Patient {
    func examineWorkload() async {
        let account = binding.serviceAccount
        let namespace = await examination.check("namespace", after: objects) { objects in
            guard let namespace = objects.objects[.namespace(account.namespace)] else {
                throw CheckFailure("there is no namespace \(account.namespace)", hint: Self.apply)
            }
            return .ok(namespace, account.namespace)
        }
        let asked = await examination.check("admission", after: namespace.and(webhook)) {
            namespace,
            webhook in
            var labels = namespace["metadata"]?["labels"]?.texts ?? [:]
            labels["kubernetes.io/metadata.name"] = account.namespace
            if labels["admission.gtoken/ignore"] != nil {
                throw CheckFailure(
                    "the label admission.gtoken/ignore opts the namespace out, whatever its value",
                    hint: "kubectl label namespace \(account.namespace) admission.gtoken/ignore-"
                )
            }
            guard webhook.selects(labels) else {
                throw CheckFailure(
                    "no namespaceSelector of \(webhook.configuration) selects the namespace",
                    hint: "compare the labels of the namespace with the selector: kubectl describe "
                        + "mutatingwebhookconfiguration \(webhook.configuration)"
                )
            }
            return .ok((), "the webhook is asked about its Pods")
        }
        let annotated = await examination.check("ServiceAccount", after: objects.and(ways.aws)) {
            objects,
            aws in
            guard let found = objects.objects[.serviceAccount(account)] else {
                throw CheckFailure("there is no ServiceAccount \(account)", hint: Self.apply)
            }
            let role = try binding.role.name.arn(partition: aws.account.partition, accountID: aws.account.id)
            try compare(
                found["metadata"]?["annotations"]?.texts ?? [:],
                binding.annotations(role: role, prefix: configuration.setup.annotationPrefix)
            )
            return .ok((), "annotated with \(role)")
        }
        await examination.check("Pods", after: annotated.and(asked).and(objects)) { _, objects in
            try checkPods(try objects.pods[account.namespace]?.get() ?? [])
        }
    }

    private func compare(_ found: [String: String], _ wanted: [String: String]) throws {
        for (key, value) in wanted.sorted(by: { $0.key < $1.key }) where found[key] != value {
            throw CheckFailure(
                found[key].map { "\(key) is \($0), not \(value)" } ?? "no annotation \(key)",
                hint: Self.apply
            )
        }
        let prefix = configuration.setup.annotationPrefix
        for name in ["identity", "audience"] where wanted[prefix + name] == nil {
            guard let value = found[prefix + name] else { continue }
            if name == "identity", value == binding.identity.rawValue { continue }
            if name == "audience", value == binding.audience { continue }
            throw CheckFailure(
                "\(prefix)\(name) is \(value), which the binding does not ask for",
                hint: Self.apply
            )
        }
    }

    private func checkPods(_ pods: [JSONValue]) throws -> CheckOutcome<Void> {
        let running = pods.filter { pod in
            let name = pod["spec"]?["serviceAccountName"]?.string() ?? "default"
            let phase = pod["status"]?["phase"]?.string()
            let isOptedOut = pod["metadata"]?["labels"]?["admission.gtoken/ignore"]?.isString("true") ?? false
            return name == binding.serviceAccount.name && !isOptedOut && phase != "Succeeded"
                && phase != "Failed"
        }
        let left = running.filter { pod in
            let isMarked =
                pod["metadata"]?["annotations"]?["admission.gtoken/status"]?.isString("injected") ?? false
            let hasVolume = pod["spec"]?["volumes"]?.elements.contains {
                $0["name"]?.isString("gtoken-volume") ?? false
            }
            return !isMarked && !(hasVolume ?? false)
        }
        guard !left.isEmpty else { return .ok((), "\(running.count) running, all injected") }
        let names = left.prefix(3).compactMap { $0["metadata"]?["name"]?.string() }.joined(separator: ", ")
        throw CheckFailure(
            "\(left.count) of \(running.count) were not injected: \(names)",
            hint:
                "they started before the ServiceAccount was annotated, or while the webhook was away: start them anew, "
                + "kubectl --namespace=\(binding.serviceAccount.namespace) rollout restart deployment"
        )
    }
}
