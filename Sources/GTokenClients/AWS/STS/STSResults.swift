package import GTokenCore

/// What to exchange for credentials of a role; it prints nothing of the token.
package struct WebIdentityExchange: Sendable {
    /// The role.
    package var role: RoleARN
    /// The session's name.
    package var sessionName: RoleSessionName
    /// The ID token.
    package var token: String
    /// How long the credentials are to last, 900 to 43,200 seconds and at most what the role allows; AWS's default of
    /// an hour where it is `nil`.
    package var duration: Duration?
    /// Managed policies that the session may not go beyond, at most 10 ARNs.
    package var policyARNs: [String]

    /// Makes an exchange.
    package init(
        role: RoleARN,
        sessionName: RoleSessionName,
        token: String,
        duration: Duration? = nil,
        policyARNs: [String] = []
    ) {
        self.role = role
        self.sessionName = sessionName
        self.token = token
        self.duration = duration
        self.policyARNs = policyARNs
    }
}

/// What a session of one role asks for to become a session of another (STS API, AssumeRole).
package struct RoleChange: Sendable, Equatable {
    /// The role.
    package var role: RoleARN
    /// The session's name.
    package var sessionName: RoleSessionName
    /// How long the credentials are to last: 900 seconds to the hour that AWS limits chained sessions to.
    package var duration: Duration?
    /// Managed policies that the session may not go beyond, at most 10 ARNs.
    package var policyARNs: [String]
    /// The session's tags, at most 50.
    package var tags: [SessionTag]
    /// Who is behind the session, which stays the same in further sessions.
    package var sourceIdentity: String?
    /// What the role's owner asks third parties for.
    package var externalID: String?

    /// Makes a request for a role.
    package init(role: RoleARN, sessionName: RoleSessionName) {
        self.role = role
        self.sessionName = sessionName
        duration = nil
        policyARNs = []
        tags = []
    }
}

extension WebIdentityExchange: CustomStringConvertible, CustomReflectable {
    /// The role and the session.
    package var description: String { "\(role) as \(sessionName)" }

    /// Nothing beyond ``description``.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A session of a role.
package struct AssumedRole: Sendable, Equatable {
    /// What signs requests as the session; `expiresAt` is always there.
    package var credentials: AWSCredentials
    /// The session's ARN.
    package var arn: String
    /// The role's unique id and the session's name, with a colon between.
    package var id: String
    /// The `sub` of the token, where there was one and AWS says it.
    package var subject: String?
    /// What AWS took for the audience, where it says so: `azp` where the token has one.
    package var audience: String?
    /// The identity provider, where AWS says it.
    package var provider: String?
}

extension AssumedRole {
    /// Reads the answer to either way of assuming a role.
    init(_ answer: AWSQueryAnswer) throws(AWSQueryError) {
        credentials = try AWSCredentials(answer)
        let user = try answer.child("AssumedRoleUser")
        arn = try user.text("Arn")
        id = try user.text("AssumedRoleId")
        subject = answer.optionalText("SubjectFromWebIdentityToken")
        audience = answer.optionalText("Audience")
        provider = answer.optionalText("Provider")
    }
}

extension AWSCredentials {
    /// The session's credentials in the answer to either way of assuming a role.
    package init(_ answer: AWSQueryAnswer) throws(AWSQueryError) {
        let session = try answer.child("Credentials")
        self.init(
            accessKeyID: try session.text("AccessKeyId"),
            secretAccessKey: try session.text("SecretAccessKey"),
            sessionToken: try session.text("SessionToken"),
            expiresAt: try session.time("Expiration")
        )
    }
}

/// Whom AWS takes the owner of some credentials for.
package struct CallerIdentity: Sendable, Equatable {
    /// The ARN of the user, or of the session of a role.
    package var arn: String
    /// The unique id.
    package var userID: String
    /// The account's 12 digits.
    package var accountID: String

    /// Makes an identity.
    package init(arn: String, userID: String, accountID: String) {
        self.arn = arn
        self.userID = userID
        self.accountID = accountID
    }

    /// Reads the answer to ``AWSQueryCall/getCallerIdentity``.
    package init(_ answer: AWSQueryAnswer) throws(AWSQueryError) {
        self.init(
            arn: try answer.text("Arn"),
            userID: try answer.text("UserId"),
            accountID: try answer.text("Account")
        )
    }
}
