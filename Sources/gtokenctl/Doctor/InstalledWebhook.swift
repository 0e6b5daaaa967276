import GTokenCore

/// The webhook as a cluster's MutatingWebhookConfiguration has it.
struct InstalledWebhook: Sendable {
    /// The configuration's name.
    let configuration: String
    /// Its webhooks that are ours.
    let webhooks: [JSONValue]

    /// Finds it among the configurations of a cluster; names may be others', the words are not.
    init?(among configurations: [JSONValue]) {
        for configuration in configurations {
            let webhooks = configuration["webhooks"]?.elements.filter(Self.isOurs) ?? []
            guard !webhooks.isEmpty, let name = configuration["metadata"]?["name"]?.string() else { continue }
            self.configuration = name
            self.webhooks = webhooks
            return
        }
        return nil
    }

    private static func isOurs(_ webhook: JSONValue) -> Bool {
        let service = webhook["clientConfig"]?["service"]
        return [webhook["name"], service?["name"], service?["namespace"]].contains {
            $0?.string()?.contains("gtoken") ?? false
        }
    }

    /// The Service that API servers ask: its namespace, name and port.
    var service: (namespace: String, name: String, port: Int64)? {
        let service = webhooks[0]["clientConfig"]?["service"]
        guard let namespace = service?["namespace"]?.string(), let name = service?["name"]?.string() else {
            return nil
        }
        return (namespace, name, service?["port"]?.integer() ?? 443)
    }

    /// Whether API servers ask it about new Pods at all.
    func asksAboutPods(_ webhook: JSONValue) -> Bool {
        webhook["rules"]?.elements.contains { rule in
            func has(_ member: String, _ value: String) -> Bool {
                rule[member]?.elements.contains { $0.isString(value) || $0.isString("*") } ?? false
            }
            return has("operations", "CREATE") && has("apiVersions", "v1") && has("apiGroups", "")
                && (has("resources", "pods")
                    || rule["resources"]?.elements.contains { $0.isString("*/*") } ?? false)
        } ?? false
    }

    /// Whether it is asked about Pods of a namespace with these labels.
    func selects(_ labels: [String: String]) -> Bool {
        webhooks.contains { webhook in
            asksAboutPods(webhook) && Self.matches(webhook["namespaceSelector"], labels)
        }
    }

    /// Kubernetes API reference, LabelSelector; one that is not there selects all.
    private static func matches(_ selector: JSONValue?, _ labels: [String: String]) -> Bool {
        let equal =
            selector?["matchLabels"]?.members.allSatisfy { labels[$0.name] == $0.value.string() } ?? true
        return equal
            && selector?["matchExpressions"]?.elements.allSatisfy { expression in
                let value = expression["key"]?.string().flatMap { labels[$0] }
                let isListed = value.map { value in
                    expression["values"]?.elements.contains { $0.isString(value) } ?? false
                }
                switch expression["operator"]?.string() {
                case "In": return isListed ?? false
                case "NotIn": return !(isListed ?? false)
                case "Exists": return value != nil
                case "DoesNotExist": return value == nil
                default: return false
                }
            } ?? true
    }
}
