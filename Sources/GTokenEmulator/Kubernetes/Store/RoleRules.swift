import GTokenCore

/// What the objects of RBAC let a ServiceAccount do (https://kubernetes.io/docs/reference/access-authn-authz/rbac/).
extension ObjectStore {
    /// The rules of all roles that are bound to it by name.
    func rules(of account: KubernetesServiceAccountName) -> [KubernetesRule] {
        let wide = bindings(.clusterRoleBindings, to: account).flatMap { binding in
            rules(of: binding.root["roleRef"], in: nil)
        }
        let narrow = bindings(.roleBindings, to: account).flatMap { binding in
            rules(of: binding.root["roleRef"], in: binding.key.namespace)
        }
        return wide + narrow
    }

    private func bindings(
        _ resource: KubernetesResource,
        to account: KubernetesServiceAccountName
    ) -> [StoredObject] {
        collection(of: resource).objects.filter { binding in
            binding.root["subjects"]?.elements.contains { subject in
                subject["kind"]?.isString("ServiceAccount") ?? false
                    && subject["name"]?.isString(account.name) ?? false
                    && subject["namespace"]?.isString(account.namespace) ?? false
            } ?? false
        }
    }

    private func rules(of reference: JSONValue?, in namespace: String?) -> [KubernetesRule] {
        guard let name = reference?["name"]?.string() else { return [] }
        let isWide = reference?["kind"]?.isString("ClusterRole") ?? false
        let role = object(
            isWide ? .clusterRoles : .roles,
            StoredObject.Key(namespace: isWide ? "" : namespace ?? "", name: name)
        )
        return role?.root["rules"]?.elements.map { rule in
            func words(_ member: String) -> Set<String> {
                Set(rule[member]?.elements.compactMap { $0.string() } ?? [])
            }
            return KubernetesRule(
                words("verbs"),
                words("resources"),
                groups: words("apiGroups"),
                names: words("resourceNames"),
                namespace: namespace
            )
        } ?? []
    }
}
