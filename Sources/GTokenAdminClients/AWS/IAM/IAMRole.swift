import GTokenClients
package import GTokenCore
import GTokenNet

/// A role as IAM has it.
package struct IAMRole: Sendable, Equatable {
    /// Its ARN, with path and name.
    package var arn: RoleARN
    /// Its unique id, `AROA…`: a role that is made again under the same name has another one.
    package var id: String
    /// When it was made.
    package var createdAt: UnixTime
    /// The trust policy's JSON, as IAM keeps it.
    package var trustPolicyText: String
    /// What was written about it.
    package var description: String?
    /// How long its sessions may last, in seconds.
    package var maxSessionSeconds: Int
    /// The ARN of the boundary of its permissions; IAM's lists leave it out.
    package var permissionsBoundary: String?
    /// Its tags; IAM's lists leave them out.
    package var tags: [String: String]

    /// The trust policy, read.
    package func trustPolicy() throws(PolicyDocumentError) -> PolicyDocument {
        try PolicyDocument(parsing: Array(trustPolicyText.utf8))
    }

    init(_ answer: AWSQueryAnswer) throws(AWSQueryError) {
        arn = try answer.value("Arn") { try? RoleARN(parsing: $0) }
        id = try answer.text("RoleId")
        createdAt = try answer.time("CreateDate")
        trustPolicyText = try answer.document("AssumeRolePolicyDocument")
        description = answer.optionalText("Description")
        // IAM API, Role: absent where it is the standard one in some answers.
        maxSessionSeconds =
            answer.optionalText("MaxSessionDuration").flatMap { Int($0) }
            ?? Binding.RoleSettings.standardMaxSessionSeconds
        permissionsBoundary = answer.optionalChild("PermissionsBoundary")?
            .optionalText("PermissionsBoundaryArn")
        tags = try answer.tags()
    }
}

/// A role to be made.
package struct IAMRoleDraft: Sendable, Equatable {
    /// Its name and path.
    package var name: RoleName
    /// Who may assume it.
    package var trustPolicy: PolicyDocument
    /// What it is for, at most 1,000 characters; empty for none.
    package var description: String
    /// How long its sessions may last, 3,600 to 43,200 seconds.
    package var maxSessionSeconds: Int
    /// The ARN of the boundary of its permissions.
    package var permissionsBoundary: String?
    /// Its tags, at most 50.
    package var tags: [String: String]

    /// Makes a draft.
    package init(
        name: RoleName,
        trustPolicy: PolicyDocument,
        description: String = "",
        maxSessionSeconds: Int = Binding.RoleSettings.standardMaxSessionSeconds,
        permissionsBoundary: String? = nil,
        tags: [String: String] = [:]
    ) {
        self.name = name
        self.trustPolicy = trustPolicy
        self.description = description
        self.maxSessionSeconds = maxSessionSeconds
        self.permissionsBoundary = permissionsBoundary
        self.tags = tags
    }

    /// Whether a role is what this asks for, in all that it asks for.
    func describes(_ role: IAMRole) -> Bool {
        role.arn.path == name.path && role.arn.roleName == name.name
            && (try? role.trustPolicy()) == trustPolicy
            && role.description ?? "" == description && role.maxSessionSeconds == maxSessionSeconds
            && role.permissionsBoundary == permissionsBoundary && role.tags == tags
    }
}

extension PolicyDocument {
    /// The document as IAM takes it.
    var text: String { String(decoding: encoded, as: UTF8.self) }
}

extension AWSQueryAnswer {
    /// A policy document, which IAM percent-encodes (RFC 3986).
    func document(_ name: String) throws(AWSQueryError) -> String {
        try value(name, PercentEncoding.decode)
    }
}
