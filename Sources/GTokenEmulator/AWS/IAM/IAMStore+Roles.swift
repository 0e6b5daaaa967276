import GTokenCore
import GTokenNet

extension IAMStore {
    /// The quotas of an account that nobody has had raised (IAM User Guide, "IAM and AWS STS quotas").
    private enum Quota {
        static let policiesPerRole = 10
        static let trustPolicyCharacters = 2048
        static let inlineCharacters = 10_240
        static let tags = 50
        static let rolesPerAccount = 1000
    }

    /// Performs an action on a role; the result is empty where the action has none, and `nil` is for any other action.
    mutating func writeRole(_ action: String, _ call: IAMParameters) throws(AWSFailure) -> [Node]? {
        switch action {
        case "CreateRole": return try createRole(call)
        case "DeleteRole": try deleteRole(call)
        case "UpdateRole": try update(call) { role throws(AWSFailure) in try role.update(call) }
        case "UpdateAssumeRolePolicy":
            try update(call) { role throws(AWSFailure) in
                (role.trustPolicy, role.trust) = try Self.trust(call, "PolicyDocument")
            }
        case "TagRole":
            try update(call) { role throws(AWSFailure) in
                try Self.merge(try call.tags(), into: &role.tags, "TagsPerRole")
            }
        case "UntagRole":
            try update(call) { role throws(AWSFailure) in
                for key in call.list("TagKeys") { role.tags[key] = nil }
            }
        case "PutRolePermissionsBoundary":
            let arn = try policy(call, "PermissionsBoundary")
            try update(call) { role throws(AWSFailure) in role.permissionsBoundary = arn }
        case "DeleteRolePermissionsBoundary":
            try update(call) { role throws(AWSFailure) in role.permissionsBoundary = nil }
        case "AttachRolePolicy":
            let arn = try policy(call, "PolicyArn")
            try update(call) { role throws(AWSFailure) in try role.attach(arn) }
        case "DetachRolePolicy": try update(call) { role throws(AWSFailure) in try role.detach(call) }
        case "PutRolePolicy": try update(call) { role throws(AWSFailure) in try role.put(call) }
        case "DeleteRolePolicy":
            try update(call) { role throws(AWSFailure) in
                let name = try call.name("PolicyName", atMost: 128)
                guard role.inlinePolicies.removeValue(forKey: name) != nil else {
                    throw .noSuchEntity("The role policy with name \(name) cannot be found.")
                }
            }
        default: return nil
        }
        return []
    }

    /// Sets tags within the quota of 50.
    static func merge(
        _ new: [String: String],
        into tags: inout [String: String],
        _ quota: String
    ) throws(AWSFailure) {
        let merged = tags.merging(new) { _, new in new }
        guard merged.count <= Quota.tags else {
            throw .limitExceeded("Cannot exceed quota for \(quota): \(Quota.tags)")
        }
        tags = merged
    }

    private mutating func update(
        _ call: IAMParameters,
        _ change: (inout Role) throws(AWSFailure) -> Void
    ) throws(AWSFailure) {
        var role = try existing(call)
        try change(&role)
        self[role: role.arn.roleName, of: call.caller.accountID] = role
    }

    private mutating func createRole(_ call: IAMParameters) throws(AWSFailure) -> [Node] {
        let name = try call.roleName()
        let caller = call.caller
        let path = call["Path"] ?? "/"
        guard
            let arn = try? RoleARN(
                parsing: "arn:\(caller.partition):iam::\(caller.accountID):role\(path)\(name)"
            ),
            arn.path == path
        else {
            throw .validation("The specified value for path is invalid. It must begin and end with /.")
        }
        let (text, trust) = try Self.trust(call, "AssumeRolePolicyDocument")
        guard self[role: name, of: caller.accountID] == nil else {
            throw .alreadyExists("Role with name \(name) already exists.")
        }
        guard roles(of: caller.accountID).count < Quota.rolesPerAccount else {
            throw .limitExceeded("Cannot exceed quota for RolesPerAccount: \(Quota.rolesPerAccount)")
        }
        var role = Role(
            arn: arn,
            id: "AROA" + AWSEmulator.base32(Crypto.randomBytes(17)),
            createdAt: call.now,
            trustPolicy: text,
            trust: trust
        )
        try role.update(call)
        if call["PermissionsBoundary"] != nil {
            role.permissionsBoundary = try policy(call, "PermissionsBoundary")
        }
        try Self.merge(try call.tags(), into: &role.tags, "TagsPerRole")
        self[role: name, of: caller.accountID] = role
        return [.elements("Role", role.nodes)]
    }

    private mutating func deleteRole(_ call: IAMParameters) throws(AWSFailure) {
        let role = try existing(call)
        guard role.attachedPolicies.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must detach all policies first.")
        }
        guard role.inlinePolicies.isEmpty else {
            throw .deleteConflict("Cannot delete entity, must delete policies first.")
        }
        self[role: role.arn.roleName, of: call.caller.accountID] = nil
    }

    /// The ARN of a managed policy that there is.
    private func policy(_ call: IAMParameters, _ name: String) throws(AWSFailure) -> String {
        let arn = try call.text(name, 20...2048)
        guard hasPolicy(arn, for: call.caller) else {
            throw .noSuchEntity("Policy \(arn) does not exist or is not attachable.")
        }
        return arn
    }

    /// A trust policy that IAM takes, and what evaluates it.
    private static func trust(
        _ call: IAMParameters,
        _ name: String
    ) throws(AWSFailure) -> (String, PolicyEvaluator?) {
        let (text, policy) = try call.document(name)
        guard text.utf8.count(where: { $0 > 0x20 }) <= Quota.trustPolicyCharacters else {
            throw .limitExceeded("Cannot exceed quota for ACLSizePerRole: \(Quota.trustPolicyCharacters)")
        }
        do throws(PolicyEvaluationError) {
            return (text, try PolicyEvaluator(trustPolicy: policy))
        } catch .missingPrincipal {
            throw .malformedPolicy("Missing required field Principal")
        } catch .resource {
            throw .malformedPolicy("Has prohibited field Resource")
        } catch .unknownOperator(let name) {
            throw .malformedPolicy("Invalid Condition type : \(name)")
        } catch {
            return (text, nil)
        }
    }

    private static func count(_ document: String) -> Int { document.utf8.count(where: { $0 > 0x20 }) }

    /// Whether a role's own policies are within the quota; white space does not count.
    fileprivate static func isWithinQuota(_ documents: some Collection<String>) -> Bool {
        documents.map(count).reduce(0, +) <= Quota.inlineCharacters
    }

    fileprivate static let policiesPerRole = Quota.policiesPerRole
    fileprivate static let inlineCharacters = Quota.inlineCharacters
}

extension IAMStore.Role {
    /// Sets what UpdateRole and CreateRole both can.
    fileprivate mutating func update(_ call: IAMParameters) throws(AWSFailure) {
        if let text = call["Description"] {
            guard text.unicodeScalars.count <= 1000 else {
                throw .validation("Description has at most 1000 characters")
            }
            description = text.isEmpty ? nil : text
        }
        if let seconds = try call.number("MaxSessionDuration", 3600...43_200) { maxSessionSeconds = seconds }
    }

    fileprivate mutating func attach(_ arn: String) throws(AWSFailure) {
        guard !attachedPolicies.contains(arn) else { return }
        guard attachedPolicies.count < IAMStore.policiesPerRole else {
            throw .limitExceeded("Cannot exceed quota for PoliciesPerRole: \(IAMStore.policiesPerRole)")
        }
        attachedPolicies.append(arn)
    }

    fileprivate mutating func detach(_ call: IAMParameters) throws(AWSFailure) {
        let arn = try call.text("PolicyArn", 20...2048)
        guard let index = attachedPolicies.firstIndex(of: arn) else {
            throw .noSuchEntity("Policy \(arn) was not found.")
        }
        attachedPolicies.remove(at: index)
    }

    fileprivate mutating func put(_ call: IAMParameters) throws(AWSFailure) {
        let name = try call.name("PolicyName", atMost: 128)
        let (text, policy) = try call.document("PolicyDocument")
        guard policy.statements.allSatisfy({ $0.principals == nil }) else {
            throw .malformedPolicy("Policy document should not specify a principal.")
        }
        var policies = inlinePolicies
        policies[name] = text
        guard IAMStore.isWithinQuota(policies.values) else {
            throw .limitExceeded(
                "Maximum policy size of \(IAMStore.inlineCharacters) bytes exceeded for role \(arn.roleName)"
            )
        }
        inlinePolicies = policies
    }
}
