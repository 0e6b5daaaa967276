import GTokenAdminClients
import GTokenAdminClients
import GTokenClients
import GTokenCore
import GTokenRuntime

/// Looks at an AWS account, and at what of a cluster and a project leads into it.
struct Audit: Sendable {
    let configuration: AuditConfiguration
    let access: CloudAccess

    /// What came of it.
    struct Report: Sendable {
        /// How many roles the account has.
        var roleCount = 0
        /// How many of them trust Pods on GKE, or everybody.
        var concernedRoleCount = 0
        /// The worst first.
        var findings: [AuditFinding] = []
        /// The corrected policies of roles with findings.
        var corrections: [(role: RoleARN, policy: PolicyDocument)] = []
        /// What could not be looked at though it was asked for.
        var failures: [ToolError] = []
        /// What was not looked at, in words.
        var notes: [String] = []
    }

    private struct Judged {
        let policy: PolicyDocument
        let findings: TrustPolicyFindings
    }

    /// Looks at everything.
    ///
    /// - Throws: where AWS cannot be asked; what else cannot is in the report.
    func report() async throws -> Report {
        let awsAccess = try access.aws()
        let account = SetupContext.AWSAccount(try await awsAccess.callerIdentity())
        let iam = awsAccess.iam()
        var report = Report()
        let roles = try await iam.listRoles()
        report.roleCount = roles.count
        var judged: [RoleARN: Judged] = [:]
        for role in roles {
            do throws(PolicyDocumentError) {
                let policy = try role.trustPolicy()
                let findings = TrustPolicyFindings(policy)
                judged[role.arn] = Judged(policy: policy, findings: findings)
                report.concernedRoleCount += findings.isConcerned ? 1 : 0
                report.findings += findings.findings.map { AuditFinding($0, of: role.arn) }
            } catch {
                guard role.namesUs else { continue }
                report.concernedRoleCount += 1
                report.findings.append(
                    AuditFinding(.unreadablePolicy, "role \(role.arn.roleName)", role: role.arn, "\(error)")
                )
            }
        }
        try await lookAtProviders(iam, judged.values.map(\.findings), &report)
        await lookAtProject(&report)
        let subjects = await lookAtServiceAccounts(judged, account, &report)
        report.findings.sort {
            ($0.severity, $0.object, $0.statement ?? 0) < ($1.severity, $1.object, $1.statement ?? 0)
        }
        if configuration.printsCorrections {
            for role in roles.map(\.arn) {
                guard let found = judged[role], !found.findings.findings.isEmpty else { continue }
                let correction = TrustPolicyCorrection(
                    found.policy,
                    found.findings,
                    googleSubjects: subjects[role]?.google ?? [],
                    clusterSubjects: subjects[role]?.cluster ?? []
                )
                report.corrections.append((role, correction.policy))
            }
        }
        return report
    }

    // MARK: Identity providers

    private func lookAtProviders(
        _ iam: IAMClient,
        _ policies: [TrustPolicyFindings],
        _ report: inout Report
    ) async throws {
        for arn in try await iam.listOpenIDConnectProviders() {
            let object = "identity provider \(arn.issuer.name)"
            switch TrustedProvider(arn) {
            case nil: continue
            case .google:
                report.findings.append(AuditFinding(.googleProviderObject, object, "\(arn) is there"))
            case .cluster:
                guard let provider = try await iam.findOpenIDConnectProvider(arn) else { continue }
                let wanted = Set(policies.flatMap { $0.audiences[.cluster(arn)] ?? [] })
                    .union([ClusterToken.defaultAudience])
                for id in provider.clientIDs {
                    if id == "\(arn.issuer)" || Self.usualAPIAudiences.contains(id) {
                        report.findings.append(AuditFinding(.apiAudience, object, "the client id \(id)"))
                    } else if !wanted.contains(id) {
                        report.findings.append(
                            AuditFinding(.foreignClientID, object, "no role asks for the client id \(id)")
                        )
                    }
                }
            }
        }
    }

    private static let usualAPIAudiences: Set<String> = [
        "https://kubernetes.default.svc", "https://kubernetes.default.svc.cluster.local",
        "kubernetes.default.svc",
    ]

    // MARK: The project

    /// The roles that give the tokens of service accounts (https://cloud.google.com/iam/docs/service-account-permissions).
    private static let tokenRoles: Set<String> = [
        "roles/iam.serviceAccountTokenCreator", "roles/iam.serviceAccountOpenIdTokenCreator",
        "roles/iam.workloadIdentityUser", "roles/iam.serviceAccountKeyAdmin",
    ]

    private func lookAtProject(_ report: inout Report) async {
        guard let project = configuration.project else {
            report.notes.append("no project's policy was looked at: --project names one")
            return
        }
        do {
            let policy = try await ResourceManagerClient(access.google().api).policy(of: project)
            for binding in policy.bindings where Self.tokenRoles.contains(binding.role) {
                for member in binding.members {
                    let grant = ProjectGrant(
                        member: member,
                        role: binding.role,
                        condition: binding.condition?.title
                    )
                    report.findings.append(AuditFinding(grant, on: project))
                }
            }
        } catch {
            report.failures.append(ToolError(reading: error))
        }
    }

    // MARK: ServiceAccounts

    private struct Subjects {
        var google: [String] = []
        var cluster: [String] = []
    }

    private func lookAtServiceAccounts(
        _ roles: [RoleARN: Judged],
        _ account: SetupContext.AWSAccount,
        _ report: inout Report
    ) async -> [RoleARN: Subjects] {
        guard configuration.looksAtKubernetes else {
            report.notes.append("no ServiceAccount was looked at: --no-kubernetes")
            return [:]
        }
        var subjects: [RoleARN: Subjects] = [:]
        do {
            let accounts = try await AuditedServiceAccount.all(
                access.kubectl,
                prefix: configuration.annotationPrefix
            )
            var directory: GoogleDirectory?
            for each in accounts {
                let object = "ServiceAccount \(each.name)"
                guard let role = try? RoleARN(parsing: each.roleText) else {
                    report.findings.append(
                        AuditFinding(.badAnnotation, object, "\(each.roleText) is no role's ARN")
                    )
                    continue
                }
                guard role.accountID == account.id, role.partition == account.partition else {
                    report.notes.append(
                        "\(object): its role is in the account \(role.accountID), which was not looked at"
                    )
                    continue
                }
                guard let judged = roles[role] else {
                    report.findings.append(
                        AuditFinding(.missingRole, object, role: role, "there is no role \(role)")
                    )
                    continue
                }
                var questions: [TrustQuestion] = []
                switch each.identity {
                case .cluster:
                    subjects[role, default: Subjects()].cluster.append(each.name.subject)
                    for case .cluster(let arn) in judged.findings.providers {
                        questions.append(.cluster(arn, each.name, audience: each.audience))
                    }
                case .google:
                    let asked = try directory ?? GoogleDirectory(access.google().api)
                    directory = asked
                    guard let uniqueID = try await asked.uniqueID(each.googleServiceAccount) else {
                        let named =
                            each.googleServiceAccount.map { "there is no \($0)" } ?? "no annotation names one"
                        report.findings.append(AuditFinding(.missingGoogleAccount, object, role: role, named))
                        continue
                    }
                    subjects[role, default: Subjects()].google.append("\(uniqueID)")
                    questions = [.google(uniqueID, audience: each.audience)]
                }
                let refusals = questions.map { $0.refusal(of: judged.policy) }
                if !refusals.contains(nil) {
                    let why = refusals.compactMap { $0 }.first ?? "the role trusts no cluster"
                    report.findings.append(AuditFinding(.untrustingRole, object, role: role, why))
                }
            }
        } catch {
            let failure = ToolError(reading: error)
            report.failures.append(
                ToolError(
                    failure.message,
                    hint: failure.hint ?? "leave the cluster out with --no-kubernetes",
                    exitCode: failure.exitCode
                )
            )
        }
        return subjects
    }
}

/// The unique ids of Google service accounts, each asked for once.
private final class GoogleDirectory {
    private let iam: GoogleIAMClient
    private var known: [GoogleServiceAccountEmail: GoogleUniqueID?] = [:]

    init(_ api: GoogleAPIClient) { iam = GoogleIAMClient(api) }

    /// The id of the account of an annotation; `nil` where it is none, or not there.
    func uniqueID(_ text: String?) async throws(GoogleAPIError) -> GoogleUniqueID? {
        guard let email = text.flatMap({ try? GoogleServiceAccountEmail(parsing: $0) }) else { return nil }
        if let id = known[email] { return id }
        let id = try await iam.serviceAccount(email)?.uniqueID
        known[email] = .some(id)
        return id
    }
}

extension IAMRole {
    /// Whether its trust policy may be about Pods on GKE.
    fileprivate var namesUs: Bool {
        trustPolicyText.contains(TrustPolicy.google) || trustPolicyText.contains("container.googleapis.com")
    }
}
