import GTokenCore
import GTokenRuntime

/// What can be unsafe beside the statements of trust policies; the raw value is its name in reports.
enum AuditFlaw: String, CaseIterable {
    /// A trust policy that names Google or a cluster, but cannot be read.
    case unreadablePolicy = "unreadable-policy"
    /// A provider object for Google.
    case googleProviderObject = "google-provider-object"
    /// A client id that no role asks for.
    case foreignClientID = "foreign-client-id"
    /// The audience of the cluster's own API as a client id.
    case apiAudience = "api-audience"
    /// A project's policy lets somebody make tokens of all its service accounts.
    case projectWideGrant = "project-wide-grant"
    /// An annotation that is no ARN of a role.
    case badAnnotation = "bad-annotation"
    /// An annotation that names a role that is not there.
    case missingRole = "missing-role"
    /// An annotation that names a role that does not trust the ServiceAccount.
    case untrustingRole = "untrusting-role"
    /// A ServiceAccount whose Google service account is not named, or not there.
    case missingGoogleAccount = "missing-google-account"

    var severity: FindingSeverity {
        switch self {
        case .projectWideGrant, .apiAudience: .high
        case .unreadablePolicy, .googleProviderObject, .foreignClientID, .missingRole: .medium
        case .badAnnotation, .untrustingRole, .missingGoogleAccount: .low
        }
    }

    var why: String {
        switch self {
        case .unreadablePolicy: "nobody can say whom it trusts"
        case .googleProviderObject: TrustPolicyFlaw.googleProvider.why
        case .foreignClientID:
            "tokens that were made for somebody else are taken, where a role does not pin aud"
        case .apiAudience: "every Pod has a token for it unasked, and AWS could replay it to the cluster"
        case .projectWideGrant: "who has it gets the AWS role of every service account of the project"
        case .badAnnotation: "the webhook does not inject its Pods"
        case .missingRole: "whoever may make roles can make it, and decide what the Pods do there"
        case .untrustingRole: "its Pods have no credentials"
        case .missingGoogleAccount: "its Pods have no token, or one of whoever makes the account anew"
        }
    }

    var hint: String {
        switch self {
        case .unreadablePolicy: "write it as the IAM grammar has it"
        case .googleProviderObject: TrustPolicyFlaw.googleProvider.hint
        case .foreignClientID, .apiAudience: "aws iam remove-client-id-from-open-id-connect-provider"
        case .projectWideGrant:
            "grant it on the one service account: gcloud iam service-accounts add-iam-policy-binding"
        case .badAnnotation: "write arn:aws:iam::ACCOUNT:role/NAME"
        case .missingRole: "make the role with gtokenctl apply, or take the annotation off"
        case .untrustingRole: "gtokenctl doctor says what differs, gtokenctl apply mends it"
        case .missingGoogleAccount: "gtokenctl apply makes it, and names it in the annotation"
        }
    }
}

/// A role that a member has on a whole project.
struct ProjectGrant: Sendable, Equatable {
    /// Who has it, as IAM writes it.
    let member: String
    let role: String
    /// The title of the condition under which it holds; `nil` where it always does.
    let condition: String?

    /// The grant in words.
    var text: String { "\(member) has \(role)" + (condition.map { " under the condition \($0)" } ?? "") }

    /// The command that takes it away.
    func removal(from project: GoogleProjectID) -> String {
        "gcloud projects remove-iam-policy-binding \(project) --member=\(member.inOneLine.shellQuoted) "
            + "--role=\(role.inOneLine.shellQuoted)"
            // Without, gcloud asks which of them is meant.
            + (condition == nil ? "" : " --all")
    }
}

/// Something unsafe, and where.
struct AuditFinding: Sendable, Equatable {
    /// Its name in reports.
    let flaw: String
    let severity: FindingSeverity
    /// Which object: `role orders`, `ServiceAccount shop/orders`.
    let object: String
    /// The role's ARN, where it is about one.
    let role: RoleARN?
    /// The grant, where it is one on a whole project.
    let grant: ProjectGrant?
    /// The statement of its trust policy, counted from 0.
    let statement: Int?
    /// What is written there.
    let what: String
    let why: String
    let hint: String

    init(_ finding: TrustPolicyFindings.Finding, of role: RoleARN) {
        flaw = finding.flaw.rawValue
        severity = finding.flaw.severity
        object = "role \(role.roleName)"
        self.role = role
        grant = nil
        statement = finding.statement
        what = finding.what.inOneLine
        why = finding.flaw.why
        hint = finding.flaw.hint
    }

    init(_ grant: ProjectGrant, on project: GoogleProjectID) {
        self.init(.projectWideGrant, "project \(project)", grant: grant, grant.text)
    }

    init(
        _ flaw: AuditFlaw,
        _ object: String,
        role: RoleARN? = nil,
        grant: ProjectGrant? = nil,
        _ what: String
    ) {
        self.flaw = flaw.rawValue
        severity = flaw.severity
        self.object = object.inOneLine
        self.role = role
        self.grant = grant
        statement = nil
        self.what = what.inOneLine
        why = flaw.why
        hint = flaw.hint
    }
}
