import GTokenCore

/// A ServiceAccount of the cluster that names a role.
struct AuditedServiceAccount: Sendable {
    let name: KubernetesServiceAccountName
    /// The annotation as it is written.
    let roleText: String
    let identity: RoleAnnotations.Identity
    let audience: String
    /// As it is annotated.
    let googleServiceAccount: String?

    /// Reads one; `nil` for one that names no role.
    init?(_ object: JSONValue, prefix: String) {
        let metadata = object["metadata"]
        let annotations = metadata?["annotations"]
        guard let namespace = metadata?["namespace"]?.string(), let name = metadata?["name"]?.string(),
            let parsed = try? KubernetesServiceAccountName(namespace: namespace, name: name),
            let role = annotations?[prefix + "role-arn"]?.string(), !role.isEmpty
        else { return nil }
        self.name = parsed
        roleText = role
        identity =
            annotations?[prefix + "identity"]?.string().flatMap(RoleAnnotations.Identity.init(rawValue:))
            ?? .google
        audience = annotations?[prefix + "audience"]?.string() ?? identity.standardAudience
        googleServiceAccount = annotations?[RoleAnnotations.googleServiceAccountKey]?.string()
    }

    /// All of a cluster's that name a role.
    static func all(_ kubectl: Kubectl, prefix: String) async throws(KubectlError) -> [AuditedServiceAccount]
    {
        let printed = try await kubectl.run(["get", "serviceaccounts", "--all-namespaces", "--output=json"])
        do throws(JSONError) {
            return try JSONDocument(printed).root["items"]?.elements.compactMap { Self($0, prefix: prefix) }
                ?? []
        } catch {
            throw .output("\(error)")
        }
    }
}
