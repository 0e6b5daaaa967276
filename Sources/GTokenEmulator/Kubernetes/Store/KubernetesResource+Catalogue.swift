extension KubernetesResource {
    /// Who a Pod runs as.
    package static let serviceAccounts = KubernetesResource(
        "ServiceAccount",
        "serviceaccounts",
        shortNames: ["sa"],
        .returnedWhenDeleted
    )
    /// What most objects are in.
    package static let namespaces = KubernetesResource(
        "Namespace",
        "namespaces",
        shortNames: ["ns"],
        [.clusterScoped, .returnedWhenDeleted]
    )
    /// Bytes that not everybody may read.
    package static let secrets = KubernetesResource("Secret", "secrets")
    /// Text for Pods to read.
    package static let configMaps = KubernetesResource("ConfigMap", "configmaps", shortNames: ["cm"])
    /// Pods, which nothing here runs.
    package static let pods = KubernetesResource("Pod", "pods", shortNames: ["po"], .returnedWhenDeleted)
    /// Names under which Pods are reached; nothing here forwards to them.
    package static let services = KubernetesResource(
        "Service",
        "services",
        shortNames: ["svc"],
        .returnedWhenDeleted
    )
    /// What has happened to other objects.
    package static let events = KubernetesResource("Event", "events", shortNames: ["ev"])
    /// Who holds what, and until when.
    package static let leases = KubernetesResource(
        "Lease",
        "leases",
        group: "coordination.k8s.io",
        .versionRequired
    )
    /// Pods to be kept running; nothing here does.
    package static let deployments = KubernetesResource(
        "Deployment",
        "deployments",
        group: "apps",
        shortNames: ["deploy"],
        .counted
    )
    /// Which webhooks an API server asks to change objects; this one asks none.
    package static let mutatingWebhookConfigurations = KubernetesResource(
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        group: admission,
        [.clusterScoped, .counted, .versionRequired]
    )
    /// Rules for changes, in CEL, which nothing here evaluates.
    package static let validatingAdmissionPolicies = KubernetesResource(
        "ValidatingAdmissionPolicy",
        "validatingadmissionpolicies",
        group: admission,
        [.clusterScoped, .counted, .versionRequired]
    )
    /// Where such rules hold.
    package static let validatingAdmissionPolicyBindings = KubernetesResource(
        "ValidatingAdmissionPolicyBinding",
        "validatingadmissionpolicybindings",
        group: admission,
        [.clusterScoped, .counted, .versionRequired]
    )

    /// How much of a namespace may be had; nothing here counts.
    package static let resourceQuotas = KubernetesResource(
        "ResourceQuota",
        "resourcequotas",
        shortNames: ["quota"]
    )
    /// What may be done in a namespace, by whomever it is bound to.
    package static let roles = KubernetesResource("Role", "roles", group: rbac, .freelyNamed)
    /// To whom roles are bound in a namespace.
    package static let roleBindings = KubernetesResource(
        "RoleBinding",
        "rolebindings",
        group: rbac,
        .freelyNamed
    )
    /// To whom roles are bound in the whole cluster.
    package static let clusterRoleBindings = KubernetesResource(
        "ClusterRoleBinding",
        "clusterrolebindings",
        group: rbac,
        [.clusterScoped, .freelyNamed]
    )
    /// What may be done, by whomever it is bound to.
    package static let clusterRoles = KubernetesResource(
        "ClusterRole",
        "clusterroles",
        group: rbac,
        [.clusterScoped, .freelyNamed]
    )

    /// Every kind that is kept, in the order in which discovery names them.
    ///
    /// The kinds of RBAC say what a ``KubernetesUser`` may do that is a ServiceAccount.
    package static let all: [KubernetesResource] = [
        configMaps, events, namespaces, pods, secrets, serviceAccounts, services, deployments, leases,
        mutatingWebhookConfigurations, validatingAdmissionPolicies, validatingAdmissionPolicyBindings,
        clusterRoleBindings, clusterRoles, roleBindings, roles,
        KubernetesResource("ReplicaSet", "replicasets", group: "apps", shortNames: ["rs"], .counted),
        KubernetesResource("StatefulSet", "statefulsets", group: "apps", shortNames: ["sts"], .counted),
        KubernetesResource("DaemonSet", "daemonsets", group: "apps", shortNames: ["ds"], .counted),
        KubernetesResource("Job", "jobs", group: "batch", .counted),
        resourceQuotas,
        KubernetesResource(
            "NetworkPolicy",
            "networkpolicies",
            group: "networking.k8s.io",
            shortNames: ["netpol"],
            .counted
        ),
        KubernetesResource(
            "PodDisruptionBudget",
            "poddisruptionbudgets",
            group: "policy",
            shortNames: ["pdb"],
            .counted
        ),
    ]

    private static let admission = "admissionregistration.k8s.io"
    private static let rbac = "rbac.authorization.k8s.io"

    /// The groups with a name, each once, in the order of ``all``.
    static let groups: [String] = all.reduce(into: []) { groups, resource in
        if !resource.group.isEmpty, !groups.contains(resource.group) { groups.append(resource.group) }
    }

    /// The kind that a path names; `nil` where there is none.
    static func named(_ plural: String, group: String, version: String) -> KubernetesResource? {
        all.first { $0.plural == plural && $0.group == group && $0.version == version }
    }
}
