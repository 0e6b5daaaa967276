package import GTokenClients
package import GTokenCore
import GTokenNet

extension IAMClient {
    /// A role.
    ///
    /// - Throws: ``AWSQueryError``, with kind ``AWSRefusal/Kind/noSuchEntity`` where there is none of the name.
    package func getRole(_ name: String) async throws(AWSQueryError) -> IAMRole {
        try IAMRole(try await read("GetRole", ["RoleName": name]).child("Role"))
    }

    /// A role; `nil` where there is none of the name.
    package func findRole(_ name: String) async throws(AWSQueryError) -> IAMRole? {
        do throws(AWSQueryError) {
            return try await getRole(name)
        } catch  where error.isNoSuchEntity {
            return nil
        }
    }

    /// All roles of the account, without their tags and boundaries.
    package func listRoles(pathPrefix: String = "/") async throws(AWSQueryError) -> [IAMRole] {
        let call = AWSQueryCall("ListRoles", ["PathPrefix": pathPrefix, "MaxItems": "100"], isRead: true)
        var roles: [IAMRole] = []
        for member in try await query.members(call, of: "Roles") { roles.append(try IAMRole(member)) }
        return roles
    }

    /// Makes a role.
    ///
    /// A role of the name that is in everything as it is asked for is answered like a new one: the answer to an
    /// earlier attempt may have been lost.
    ///
    /// - Throws: ``AWSQueryError``, with kind ``AWSRefusal/Kind/entityAlreadyExists`` for another role of the name.
    package func createRole(_ draft: IAMRoleDraft) async throws(AWSQueryError) -> IAMRole {
        var form: HTTPForm = [
            "RoleName": draft.name.name, "Path": draft.name.path,
            "AssumeRolePolicyDocument": draft.trustPolicy.text,
            "MaxSessionDuration": "\(draft.maxSessionSeconds)",
        ]
        if !draft.description.isEmpty { form.add("Description", draft.description) }
        if let boundary = draft.permissionsBoundary { form.add("PermissionsBoundary", boundary) }
        form.add(tags: "Tags", draft.tags)
        do throws(AWSQueryError) {
            return try IAMRole(try await query.answer(to: AWSQueryCall("CreateRole", form)).child("Role"))
        } catch  where error.isAlreadyExists {
            guard let role = try await findRole(draft.name.name), draft.describes(role) else { throw error }
            return role
        }
    }

    /// Replaces a role's trust policy.
    package func updateAssumeRolePolicy(
        _ name: String,
        _ document: PolicyDocument
    ) async throws(AWSQueryError) {
        try await perform(
            "UpdateAssumeRolePolicy",
            ["RoleName": name, "PolicyDocument": document.text]
        )
    }

    /// Changes a role's description and the longest session; `nil` leaves one as it is.
    package func updateRole(
        _ name: String,
        description: String? = nil,
        maxSessionSeconds: Int? = nil
    ) async throws(AWSQueryError) {
        var form: HTTPForm = ["RoleName": name]
        if let description { form.add("Description", description) }
        if let maxSessionSeconds { form.add("MaxSessionDuration", "\(maxSessionSeconds)") }
        try await perform("UpdateRole", form)
    }

    /// Sets tags of a role; others stay.
    package func tagRole(_ name: String, _ tags: [String: String]) async throws(AWSQueryError) {
        guard !tags.isEmpty else { return }
        var form: HTTPForm = ["RoleName": name]
        form.add(tags: "Tags", tags)
        try await perform("TagRole", form)
    }

    /// Takes tags off a role.
    package func untagRole(_ name: String, _ keys: [String]) async throws(AWSQueryError) {
        guard !keys.isEmpty else { return }
        var form: HTTPForm = ["RoleName": name]
        form.add(list: "TagKeys", keys)
        try await perform("UntagRole", form)
    }

    /// Sets the boundary of a role's permissions, a managed policy's ARN; `nil` takes it away.
    package func setPermissionsBoundary(_ name: String, _ policyARN: String?) async throws(AWSQueryError) {
        if let policyARN {
            try await perform(
                "PutRolePermissionsBoundary",
                ["RoleName": name, "PermissionsBoundary": policyARN]
            )
        } else {
            try await perform("DeleteRolePermissionsBoundary", ["RoleName": name])
        }
    }

    /// Deletes a role that has no policies and is in no instance profile.
    ///
    /// - Throws: ``AWSQueryError``, with kind ``AWSRefusal/Kind/deleteConflict`` where something stands in the way, or
    ///   ``AWSRefusal/Kind/noSuchEntity``.
    package func deleteRole(_ name: String) async throws(AWSQueryError) {
        try await perform("DeleteRole", ["RoleName": name])
    }
}
