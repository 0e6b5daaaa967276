import GTokenAdminClients
import GTokenClients
import GTokenCore
import XCTest

/// What gtokenctl says to IAM, from a role's first day to its last: the same whoever answers.
struct IAMConversation {
    let access: AWSAccess
    /// Whether the audiences of a provider can be changed; moto 5.2 cannot.
    var changesClientIDs = true

    private static let name = "gtoken-interop"
    private static let inline =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#

    /// Says all of it.
    func run() async throws {
        let identity = try await access.callerIdentity()
        XCTAssertTrue(identity.arn.contains(identity.accountID), identity.arn)
        let iam = access.iam()
        try await role(iam)
        try await provider(iam, accountID: identity.accountID)
    }

    private func role(_ iam: IAMClient) async throws {
        let readOnly = try await arn(iam, "AmazonS3ReadOnlyAccess")
        XCTAssertEqual(readOnly, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
        let viewOnly = try await arn(iam, "ViewOnlyAccess")
        XCTAssertEqual(viewOnly, "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess")
        let none = try await iam.policyARN(.name("NoSuchPolicyAnywhere"), partition: "aws")
        XCTAssertNil(none)

        let account = try GoogleUniqueID(parsing: "104857601234567890123")
        let draft = IAMRoleDraft(
            name: try RoleName(parsing: "gtoken/\(Self.name)"),
            trustPolicy: TrustPolicy.google(uniqueID: account, audience: "gtoken"),
            description: "for app",
            maxSessionSeconds: 7200,
            permissionsBoundary: readOnly,
            tags: ["app": "a b", "owner": "gtokenctl"]
        )
        let made = try await iam.createRole(draft)
        let again = try await iam.createRole(draft)
        XCTAssertEqual(again.id, made.id)
        let role = try await iam.settled("role") { () async throws(AWSQueryError) in
            try await iam.getRole(Self.name)
        }
        XCTAssertEqual(role.arn.path, "/gtoken/")
        XCTAssertEqual(try role.trustPolicy(), draft.trustPolicy)
        XCTAssertEqual(role.description, "for app")
        XCTAssertEqual(role.maxSessionSeconds, 7200)
        XCTAssertEqual(role.permissionsBoundary, readOnly)
        XCTAssertEqual(role.tags, draft.tags)

        let looser = TrustPolicy.subjectOnly(uniqueID: account)
        try await iam.updateAssumeRolePolicy(Self.name, looser)
        try await iam.updateRole(Self.name, description: "for another", maxSessionSeconds: 3600)
        try await iam.tagRole(Self.name, ["app": "c"])
        try await iam.untagRole(Self.name, ["owner"])
        try await iam.setPermissionsBoundary(Self.name, nil)
        let changed = try await iam.getRole(Self.name)
        XCTAssertEqual(try changed.trustPolicy(), looser)
        XCTAssertEqual(changed.description, "for another")
        XCTAssertEqual(changed.maxSessionSeconds, 3600)
        XCTAssertEqual(changed.tags, ["app": "c"])
        XCTAssertNil(changed.permissionsBoundary)
        let listed = try await iam.listRoles(pathPrefix: "/gtoken/")
        XCTAssertEqual(listed.map(\.arn), [role.arn])
        try await policies(iam, attaching: [readOnly, viewOnly])
    }

    private func policies(_ iam: IAMClient, attaching arns: [String]) async throws {
        for arn in arns + arns { try await iam.attachRolePolicy(Self.name, policyARN: arn) }
        try await iam.putRolePolicy(Self.name, policy: "own", document: Self.inline)
        let attached = try await iam.listAttachedRolePolicies(Self.name)
        XCTAssertEqual(Set(attached), Set(arns))
        let own = try await iam.listRolePolicies(Self.name)
        XCTAssertEqual(own, ["own"])
        let document = try await iam.getRolePolicy(Self.name, policy: "own")
        XCTAssertEqual(
            try PolicyDocument(parsing: Array(document.utf8)),
            try PolicyDocument(parsing: Array(Self.inline.utf8))
        )
        let conflict = await awsError { try await iam.deleteRole(Self.name) }
        XCTAssertEqual(conflict?.kind, .deleteConflict)
        try await iam.removeAllPolicies(Self.name)
        try await iam.deleteRole(Self.name)
        let gone = try await iam.findRole(Self.name)
        XCTAssertNil(gone)
    }

    private func provider(_ iam: IAMClient, accountID: String) async throws {
        let cluster = "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c"
        let arn = try OpenIDConnectProviderARN(
            accountID: accountID,
            issuer: try OpenIDConnectIssuer(parsing: cluster)
        )
        let before = try await iam.findOpenIDConnectProvider(arn)
        XCTAssertNil(before)
        for _ in 0..<2 {
            try await iam.createOpenIDConnectProvider(arn, clientIDs: ["sts.amazonaws.com"], tags: ["a": "1"])
        }
        if changesClientIDs {
            try await iam.addClientID("another", to: arn)
            try await iam.removeClientID("sts.amazonaws.com", from: arn)
        }
        try await iam.tagOpenIDConnectProvider(arn, ["b": "2"])
        try await iam.untagOpenIDConnectProvider(arn, ["a"])
        let provider = try await iam.findOpenIDConnectProvider(arn)
        XCTAssertEqual(provider?.clientIDs, [changesClientIDs ? "another" : "sts.amazonaws.com"])
        XCTAssertEqual(provider?.tags, ["b": "2"])
        let listed = try await iam.listOpenIDConnectProviders()
        XCTAssertEqual(listed, [arn])
        try await iam.deleteOpenIDConnectProvider(arn)
        let after = try await iam.findOpenIDConnectProvider(arn)
        XCTAssertNil(after)
    }

    private func arn(_ iam: IAMClient, _ name: String) async throws -> String {
        let found = try await iam.policyARN(.name(name), partition: "aws")
        return try XCTUnwrap(found, name)
    }
}
