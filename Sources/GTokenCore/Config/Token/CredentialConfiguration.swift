/// Which credentials `gtoken` gets from AWS, and how.
public struct CredentialConfiguration: Sendable, Equatable {
    /// The role that trusts the token.
    public var role: RoleARN
    /// The name of the role's session.
    public var sessionName: RoleSessionName
    /// The role that the first one becomes; `nil` where it is the one.
    public var chain: RoleChainConfiguration?
    /// How long the credentials are to last; AWS's hour where it is `nil`.
    public var duration: Duration?
    /// Managed policies that the credentials may not go beyond.
    public var policyARNs: [String]
    /// The region whose Security Token Service is asked; the global one where it is `nil`.
    public var region: AWSRegion?
    /// Another address of the service, as a URL.
    public var stsEndpoint: String?
    /// The file with the ID token; Google is asked where it is `nil`.
    public var tokenFile: String?
    /// Whom Google's ID tokens are asked from.
    public var token: TokenSourceConfiguration

    /// Credentials of one role, for a token of Google's, unless said otherwise.
    public init(role: RoleARN, sessionName: RoleSessionName) {
        self.role = role
        self.sessionName = sessionName
        policyARNs = []
        token = TokenSourceConfiguration()
    }

    /// AWS's limit for the sessions of roles that other roles' sessions assume.
    static let longestChainedDuration = Duration.seconds(3600)
    /// AWS's limit for the policies of a session.
    static let maxPolicies = 10
}

/// The role that a session of another role assumes, and what the new session carries.
public struct RoleChainConfiguration: Sendable, Equatable {
    /// The role.
    public var role: RoleARN
    /// The name of its session.
    public var sessionName: RoleSessionName
    /// The session's tags.
    package var tags: [SessionTag]
    /// Who is behind the session.
    public var sourceIdentity: String?
    /// What the role's owner asks third parties for.
    public var externalID: String?

    /// A role, and a session that carries nothing.
    public init(role: RoleARN, sessionName: RoleSessionName) {
        self.role = role
        self.sessionName = sessionName
        tags = []
    }
}
