package import GTokenClients
import GTokenNet

extension IAMClient {
    /// The ARNs of the managed policies that are attached to a role.
    package func listAttachedRolePolicies(_ name: String) async throws(AWSQueryError) -> [String] {
        let call = AWSQueryCall("ListAttachedRolePolicies", ["RoleName": name], isRead: true)
        var arns: [String] = []
        for member in try await query.members(call, of: "AttachedPolicies") {
            arns.append(try member.text("PolicyArn"))
        }
        return arns
    }

    /// Attaches a managed policy; one that is attached already stays so.
    package func attachRolePolicy(_ name: String, policyARN: String) async throws(AWSQueryError) {
        try await perform("AttachRolePolicy", ["RoleName": name, "PolicyArn": policyARN])
    }

    /// Detaches a managed policy; one that is not attached is ``AWSRefusal/Kind/noSuchEntity``.
    package func detachRolePolicy(_ name: String, policyARN: String) async throws(AWSQueryError) {
        try await perform("DetachRolePolicy", ["RoleName": name, "PolicyArn": policyARN])
    }

    /// The names of the policies that are a role's own.
    package func listRolePolicies(_ name: String) async throws(AWSQueryError) -> [String] {
        let call = AWSQueryCall("ListRolePolicies", ["RoleName": name], isRead: true)
        return try await query.members(call, of: "PolicyNames").map(\.ownText)
    }

    /// The JSON of a policy that is a role's own.
    package func getRolePolicy(_ name: String, policy: String) async throws(AWSQueryError) -> String {
        try await read("GetRolePolicy", ["RoleName": name, "PolicyName": policy]).document("PolicyDocument")
    }

    /// Makes a policy that is a role's own, or replaces the one of the name.
    package func putRolePolicy(
        _ name: String,
        policy: String,
        document: String
    ) async throws(AWSQueryError) {
        try await perform(
            "PutRolePolicy",
            ["RoleName": name, "PolicyName": policy, "PolicyDocument": document]
        )
    }

    /// Deletes a policy that is a role's own.
    package func deleteRolePolicy(_ name: String, policy: String) async throws(AWSQueryError) {
        try await perform("DeleteRolePolicy", ["RoleName": name, "PolicyName": policy])
    }

    /// Takes every policy from a role, as a role that is to be deleted must have none; what is gone already is.
    package func removeAllPolicies(_ name: String) async throws(AWSQueryError) {
        for arn in try await listAttachedRolePolicies(name) {
            try await ignoringAbsence { () async throws(AWSQueryError) in
                try await detachRolePolicy(name, policyARN: arn)
            }
        }
        for policy in try await listRolePolicies(name) {
            try await ignoringAbsence { () async throws(AWSQueryError) in
                try await deleteRolePolicy(name, policy: policy)
            }
        }
    }

    private func ignoringAbsence(
        _ body: () async throws(AWSQueryError) -> Void
    ) async throws(AWSQueryError) {
        do throws(AWSQueryError) {
            try await body()
        } catch  where error.isNoSuchEntity {
            // Somebody else was faster.
        }
    }
}
