package import GTokenCore

/// Somebody with a token, and what RBAC lets them do.
package struct KubernetesUser: Sendable {
    /// The name that refusals have.
    package var name: String
    /// What is allowed; `nil` for everything.
    package var rules: [KubernetesRule]?
    /// The ServiceAccount that it is, whose rules are those of the roles that are bound to it in the cluster.
    package var serviceAccount: KubernetesServiceAccountName?

    /// A ServiceAccount, which may do what the cluster's roles let it do at the time.
    package init(_ serviceAccount: KubernetesServiceAccountName) {
        self.init(name: serviceAccount.subject, rules: [])
        self.serviceAccount = serviceAccount
    }

    /// A user with these rules.
    package init(name: String, rules: [KubernetesRule]? = nil) {
        self.name = name
        self.rules = rules
    }

    func may(_ verb: String, _ resource: String, group: String, namespace: String?, name: String?) -> Bool {
        guard let rules else { return true }
        return rules.contains { $0.allows(verb, resource, group: group, namespace: namespace, name: name) }
    }
}

/// A rule of a Role or a ClusterRole; `*` stands for everything.
package struct KubernetesRule: Sendable, Equatable {
    /// What may be done: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`.
    package var verbs: Set<String>
    /// The API groups; empty text for the core group.
    package var groups: Set<String>
    /// The kinds in their plural, subresources behind a slash.
    package var resources: Set<String>
    /// The only names; empty for all.
    ///
    /// A list or watch counts as of the name that its field selector gives.
    package var names: Set<String>
    /// The one namespace, as a RoleBinding has it; `nil` for the whole cluster.
    package var namespace: String?

    /// A rule with these parts.
    package init(
        _ verbs: Set<String>,
        _ resources: Set<String>,
        groups: Set<String> = [""],
        names: Set<String> = [],
        namespace: String? = nil
    ) {
        self.verbs = verbs
        self.resources = resources
        self.groups = groups
        self.names = names
        self.namespace = namespace
    }

    func allows(_ verb: String, _ resource: String, group: String, namespace: String?, name: String?) -> Bool
    {
        func has(_ set: Set<String>, _ value: String) -> Bool { set.contains("*") || set.contains(value) }
        return has(verbs, verb) && has(resources, resource) && has(groups, group)
            && (names.isEmpty || name.map(names.contains) ?? false)
            && (self.namespace == nil || self.namespace == namespace)
    }
}
