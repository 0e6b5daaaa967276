import GTokenAdminClients
import GTokenClients
import GTokenCore

/// What about a role that is there differs from what it should be.
struct RoleDifference {
    /// What there is to show; what differs and what is to be known.
    private(set) var details: [ObjectChange.Detail] = []

    private let name: String
    private var trust: PolicyDocument?
    private var description: String?
    private var maxSessionSeconds: Int?
    private var boundary: String?
    private var tags: [String: String] = [:]
    private var attached: [String] = []
    private var detached: [String] = []
    private var put: [(name: String, policy: InlinePolicy)] = []
    private var removed: [String] = []

    /// Compares; asks for the policies that the role has.
    init(
        _ role: IAMRole,
        wanted: RoleObject,
        trust wantedTrust: PolicyDocument?,
        policies: [String],
        boundary wantedBoundary: String?,
        _ aws: IAMClient
    ) async throws(AWSQueryError) {
        name = wanted.name
        compareTrust(role, wantedTrust)
        let present = try await aws.listAttachedRolePolicies(name)
        attached = policies.filter { !present.contains($0) }
        detached = present.filter { !policies.contains($0) }
        details += attached.map { .add("policy", $0) } + detached.map { .remove("policy", $0) }
        try await compareInline(wanted.settings.inlinePolicies, aws)
        let seconds = wanted.settings.maxSessionSeconds
        if role.maxSessionSeconds != seconds {
            maxSessionSeconds = seconds
            details.append(
                .change(
                    "maximum session",
                    from: Duration.seconds(role.maxSessionSeconds).goText,
                    to: Duration.seconds(seconds).goText
                )
            )
        }
        if role.description ?? "" != wanted.description {
            description = wanted.description
            details.append(.change("description", from: role.description ?? "", to: wanted.description))
        }
        if let wantedBoundary, role.permissionsBoundary != wantedBoundary {
            boundary = wantedBoundary
            details.append(
                .change("permissions boundary", from: role.permissionsBoundary ?? "none", to: wantedBoundary)
            )
        }
        for (key, value) in wanted.tags.sorted(by: { $0.key < $1.key }) where role.tags[key] != value {
            tags[key] = value
            details.append(
                role.tags[key].map { .change("tag \(key)", from: $0, to: value) } ?? .add("tag \(key)", value)
            )
        }
    }

    private mutating func compareTrust(_ role: IAMRole, _ wanted: PolicyDocument?) {
        let before = try? JSONDocument(Array(role.trustPolicyText.utf8))
        guard let wanted else {
            details.append(
                .change("trust policy", from: "as it is", to: "known once the Google service account is made")
            )
            return
        }
        guard (try? role.trustPolicy()) != wanted else { return }
        trust = wanted
        details.append(.document("trust policy", from: before, to: try? JSONDocument(wanted.encoded)))
    }

    private mutating func compareInline(
        _ wanted: [String: InlinePolicy],
        _ aws: IAMClient
    ) async throws(AWSQueryError) {
        let present = try await aws.listRolePolicies(name)
        removed = present.filter { wanted[$0] == nil }
        details += removed.map { .remove("inline policy", $0) }
        for (policy, document) in wanted.sorted(by: { $0.key < $1.key }) {
            var before: JSONDocument?
            if present.contains(policy) {
                let text = try await aws.getRolePolicy(name, policy: policy)
                before = try? JSONDocument(Array(text.utf8))
            }
            if let before, before.root.isEqual(to: document.document.root) { continue }
            put.append((policy, document))
            details.append(.document("inline policy \(policy)", from: before, to: document.document))
        }
    }

    /// Changes what differs: rights are taken before others are given.
    func apply(_ aws: IAMClient) async throws(AWSQueryError) {
        if let boundary { try await aws.setPermissionsBoundary(name, boundary) }
        if let trust { try await aws.updateAssumeRolePolicy(name, trust) }
        for policy in detached { try await aws.detachRolePolicy(name, policyARN: policy) }
        for policy in removed { try await aws.deleteRolePolicy(name, policy: policy) }
        for policy in attached { try await aws.attachRolePolicy(name, policyARN: policy) }
        for (policy, document) in put {
            try await aws.putRolePolicy(name, policy: policy, document: document.text)
        }
        if description != nil || maxSessionSeconds != nil {
            try await aws.updateRole(name, description: description, maxSessionSeconds: maxSessionSeconds)
        }
        // Last: the mark says that all else is as it should be.
        if !tags.isEmpty { try await aws.tagRole(name, tags) }
    }
}
