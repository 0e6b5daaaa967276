/// What signs requests to AWS; it prints its key id and expiry, never its secrets.
public struct AWSCredentials: Sendable, Hashable {
    /// The id of the key, which is no secret.
    public var accessKeyID: String
    /// The key.
    public var secretAccessKey: String
    /// The session's token, where the credentials are temporary.
    public var sessionToken: String?
    /// When they end, where they are temporary.
    public var expiresAt: UnixTime?

    /// Makes a set of credentials.
    public init(
        accessKeyID: String,
        secretAccessKey: String,
        sessionToken: String? = nil,
        expiresAt: UnixTime? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiresAt = expiresAt
    }
}

extension AWSCredentials: CustomStringConvertible, CustomReflectable {
    /// The key's id and when it ends.
    public var description: String {
        "AWS credentials \(accessKeyID)\(expiresAt.map { " until \($0)" } ?? "")"
    }

    /// Nothing beyond ``description``, so that `dump` and test failures do not print a secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
