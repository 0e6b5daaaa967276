import GTokenAdminClients
import GTokenCore
import GTokenNet
import GTokenRuntime

/// What a cluster has of the Go project, and what it left unsafe.
struct GoProject: Sendable {
    let installation: Installation

    /// Its flags that ours have under the same name, and that a cluster may rely on.
    private static let keptFlags = ["pull-policy", "volume-name", "volume-path", "token-file"]

    /// What its command line says, as environment variables of ours.
    var environment: [String: String] {
        let options = WebhookCommand.specification.commands.flatMap(\.groups).flatMap(\.options)
        var environment: [String: String] = [:]
        for argument in installation.arguments {
            let parts = argument.drop { $0 == "-" }.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, Self.keptFlags.contains(String(parts[0])),
                let variable = options.first(where: { $0.name == parts[0] })?.environment
            else { continue }
            environment[variable] = String(parts[1])
        }
        return environment
    }

    /// What it has in namespaces other than ours, under the names that both use.
    static func remains(
        besides namespace: String,
        _ kubectl: Kubectl
    ) async throws -> [KubernetesObjectReference] {
        let names = WebhookNames.standard
        let deployments = try await kubectl.list([
            KubernetesObjectReference.Kind.deployment.argument, "--all-namespaces",
            "--field-selector=metadata.name=\(names.deployment)",
        ])
        let namespaces = deployments.compactMap { $0["metadata"]?["namespace"]?.string() }
            .filter { $0 != namespace }
        let known = namespaces.flatMap { namespace in
            [
                KubernetesObjectReference(.deployment, namespace: namespace, names.deployment),
                KubernetesObjectReference(.service, namespace: namespace, names.service),
                KubernetesObjectReference(.secret, namespace: namespace, names.certificates),
                KubernetesObjectReference(.serviceAccount, namespace: namespace, "gtoken-webhook-sa"),
            ]
        }
        let found = try await kubectl.getAll(known)
        return known.filter { found[$0].map { !WebhookLabels.are(on: $0) } ?? false }
    }

    // MARK: What it left unsafe

    /// Each with the command that mends it.
    static func review(
        _ configuration: UpgradeConfiguration,
        _ kubectl: Kubectl,
        environment: [String: String]
    ) async throws -> [String] {
        let accounts = try await AuditedServiceAccount.all(kubectl, prefix: configuration.annotationPrefix)
        var notes = accounts.filter { $0.identity == .google && $0.googleServiceAccount == nil }.map(note)
        guard let audit = configuration.audit else {
            return notes + ["AWS roles and Google's grants were not looked at: --no-audit"]
        }
        do {
            let access = try CloudAccess(audit.access, environment: environment, on: kubectl.loop)
            let report = try await Audit(configuration: audit, access: access).report()
            notes += report.findings.compactMap { note($0, audit.project) }
            if audit.project == nil {
                notes.append("no project's token creators were looked at: --project names one")
            }
            notes += report.failures.map { "not everything could be looked at: \($0.message)" }
        } catch {
            let error = ToolError(reading: error)
            notes.append(
                "AWS roles were not looked at: \(error.message); gtokenctl audit does, with credentials"
            )
        }
        return notes
    }

    private static func note(_ account: AuditedServiceAccount) -> String {
        let (namespace, name) = (account.name.namespace, account.name.name)
        let annotation = "\(RoleAnnotations.googleServiceAccountKey)=NAME@PROJECT.iam.gserviceaccount.com"
        return
            "ServiceAccount \(account.name) names no Google account, and its Pods had the node's; they are not injected any "
            + "more: kubectl annotate serviceaccount \(name) --namespace=\(namespace) \(annotation), or gtokenctl apply"
    }

    private static func note(_ finding: AuditFinding, _ project: GoogleProjectID?) -> String? {
        switch finding.flaw {
        case TrustPolicyFlaw.noOriginalAudience.rawValue:
            guard let role = finding.role else { return nil }
            return
                "\(finding.object) does not pin oaud, so that a token made for anybody can be replayed to AWS: gtokenctl audit "
                + "--fix prints the policy, and aws iam update-assume-role-policy --role-name \(role.roleName) "
                + "--policy-document file://POLICY.json sets it"
        case AuditFlaw.projectWideGrant.rawValue:
            guard let project, let grant = finding.grant else { return nil }
            return
                "\(finding.what) on the whole project \(project): grant it on the one account (gtokenctl apply does), then "
                + grant.removal(from: project)
        default: return nil
        }
    }
}
