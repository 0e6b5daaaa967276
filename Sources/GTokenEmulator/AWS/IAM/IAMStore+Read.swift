import GTokenCore
import GTokenNet

extension IAMStore {
    typealias Node = AWSQueryXML.Node

    /// The result of an action that changes nothing; `nil` for any other.
    func read(_ action: String, _ call: IAMParameters) throws(AWSFailure) -> [Node]? {
        switch action {
        case "GetRole": [.elements("Role", try existing(call).nodes)]
        case "ListRoles": try listRoles(call)
        case "ListRoleTags": try Self.page(Self.sorted(try existing(call).tags), "Tags", call, Self.node)
        case "ListAttachedRolePolicies": try listAttachedRolePolicies(call)
        case "ListRolePolicies":
            try Self.page(try existing(call).inlinePolicies.keys.sorted(), "PolicyNames", call) {
                .text("member", $0)
            }
        case "GetRolePolicy": try getRolePolicy(call)
        case "GetPolicy": try getPolicy(call)
        case "ListPolicies": try listPolicies(call)
        case "GetOpenIDConnectProvider": try existingProvider(call).nodes
        case "ListOpenIDConnectProviders":
            [
                .elements(
                    "OpenIDConnectProviderList",
                    providers(of: call.caller.accountID).map {
                        .elements("member", [.text("Arn", "\($0.arn)")])
                    }
                )
            ]
        case "ListInstanceProfilesForRole":
            try Self.page([String](), "InstanceProfiles", call) { .text("member", $0) }
        default: nil
        }
    }

    /// The role that a call is about.
    func existing(_ call: IAMParameters) throws(AWSFailure) -> Role {
        let name = try call.roleName()
        guard let role = self[role: name, of: call.caller.accountID] else {
            throw .noSuchEntity("The role with name \(name) cannot be found.")
        }
        return role
    }

    /// The provider that a call is about.
    func existingProvider(_ call: IAMParameters) throws(AWSFailure) -> Provider {
        let arn = try call.text("OpenIDConnectProviderArn", 20...2048)
        guard let provider = self[provider: arn], provider.arn.accountID == call.caller.accountID else {
            throw .noSuchEntity("OpenIDConnect Provider not found for arn \(arn)")
        }
        return provider
    }

    private func listRoles(_ call: IAMParameters) throws(AWSFailure) -> [Node] {
        let prefix = call["PathPrefix"] ?? "/"
        let roles = roles(of: call.caller.accountID).filter { $0.arn.path.hasPrefix(prefix) }
        // IAM API, ListRoles: without tags and boundary.
        return try Self.page(roles, "Roles", call) { .elements("member", $0.listedNodes) }
    }

    private func listAttachedRolePolicies(_ call: IAMParameters) throws(AWSFailure) -> [Node] {
        try Self.page(try existing(call).attachedPolicies, "AttachedPolicies", call) {
            .elements("member", [.text("PolicyName", Self.policyName($0)), .text("PolicyArn", $0)])
        }
    }

    private func getRolePolicy(_ call: IAMParameters) throws(AWSFailure) -> [Node] {
        let role = try existing(call)
        let name = try call.name("PolicyName", atMost: 128)
        guard let document = role.inlinePolicies[name] else {
            throw .noSuchEntity("The role policy with name \(name) cannot be found.")
        }
        return [
            .text("RoleName", role.arn.roleName), .text("PolicyName", name),
            .text("PolicyDocument", PercentEncoding.encode(document)),
        ]
    }

    private func getPolicy(_ call: IAMParameters) throws(AWSFailure) -> [Node] {
        let arn = try call.text("PolicyArn", 20...2048)
        guard hasPolicy(arn, for: call.caller) else {
            throw .noSuchEntity("Policy \(arn) was not found.")
        }
        return [.elements("Policy", Self.policyNodes(arn))]
    }

    private func listPolicies(_ call: IAMParameters) throws(AWSFailure) -> [Node] {
        let own = policies.filter {
            $0.hasPrefix("arn:\(call.caller.partition):iam::\(call.caller.accountID):")
        }
        let managed = ManagedPolicies.arns(partition: call.caller.partition)
        let chosen =
            switch call["Scope"] ?? "All" {
            case "AWS": managed
            case "Local": own
            default: managed.union(own)
            }
        return try Self.page(chosen.sorted(), "Policies", call) { .elements("member", Self.policyNodes($0)) }
    }

    private static func policyName(_ arn: String) -> String {
        arn.split(separator: "/").last.map(String.init) ?? arn
    }

    private static func policyNodes(_ arn: String) -> [Node] {
        let path = arn.drop { $0 != "/" }
        let name = policyName(arn)
        return [
            .text("PolicyName", name), .text("Arn", arn), .text("Path", String(path.dropLast(name.count))),
            .text("DefaultVersionId", "v1"), .text("IsAttachable", "true"),
        ]
    }

    /// The part of a list that a call asks for, with what is needed to ask for the next.
    ///
    /// A marker is a number here; in AWS it is nothing that a caller can read.
    private static func page<Item>(
        _ items: [Item],
        _ name: String,
        _ call: IAMParameters,
        _ node: (Item) -> Node
    ) throws(AWSFailure) -> [Node] {
        let count = Int(try call.number("MaxItems", 1...1000) ?? 100)
        guard let start = Int(call["Marker"] ?? "0"), 0...items.count ~= start else {
            throw .validation("Invalid Marker.")
        }
        let page = items[start...].prefix(count)
        let nodes: [Node] = [.elements(name, page.map(node))]
        guard page.endIndex < items.count else { return nodes + [.text("IsTruncated", "false")] }
        return nodes + [.text("IsTruncated", "true"), .text("Marker", "\(page.endIndex)")]
    }

    fileprivate static func sorted(_ tags: [String: String]) -> [(key: String, value: String)] {
        tags.sorted { $0.key < $1.key }
    }

    fileprivate static func node(_ tag: (key: String, value: String)) -> Node {
        .elements("member", [.text("Key", tag.key), .text("Value", tag.value)])
    }
}

extension IAMStore.Role {
    /// The role as IAM's lists have it.
    var listedNodes: [AWSQueryXML.Node] {
        var nodes: [AWSQueryXML.Node] = [
            .text("Path", arn.path), .text("RoleName", arn.roleName), .text("RoleId", id),
            .text("Arn", "\(arn)"), .text("CreateDate", createdAt.rfc3339),
            .text("AssumeRolePolicyDocument", PercentEncoding.encode(trustPolicy)),
        ]
        if let description { nodes.append(.text("Description", description)) }
        nodes.append(.text("MaxSessionDuration", "\(maxSessionSeconds)"))
        return nodes
    }

    /// The whole role.
    var nodes: [AWSQueryXML.Node] {
        var nodes = listedNodes
        if let permissionsBoundary {
            nodes.append(
                .elements(
                    "PermissionsBoundary",
                    [
                        .text("PermissionsBoundaryType", "Policy"),
                        .text("PermissionsBoundaryArn", permissionsBoundary),
                    ]
                )
            )
        }
        if !tags.isEmpty { nodes.append(.elements("Tags", IAMStore.sorted(tags).map(IAMStore.node))) }
        return nodes
    }
}

extension IAMStore.Provider {
    fileprivate var nodes: [AWSQueryXML.Node] {
        var nodes: [AWSQueryXML.Node] = [
            // IAM gives the URL without its scheme.
            .text("Url", arn.issuer.name), .text("CreateDate", createdAt.rfc3339),
            .elements("ClientIDList", clientIDs.map { .text("member", $0) }),
            .elements("ThumbprintList", thumbprints.map { .text("member", $0) }),
        ]
        if !tags.isEmpty { nodes.append(.elements("Tags", IAMStore.sorted(tags).map(IAMStore.node))) }
        return nodes
    }
}
