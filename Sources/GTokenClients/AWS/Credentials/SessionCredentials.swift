package import GTokenCore

/// Credentials of a role's session, with what those who hand them on need to know.
package struct SessionCredentials: Sendable, Equatable {
    /// The id of the key.
    package let accessKeyID: String
    /// The key.
    package let secretAccessKey: String
    /// The session's token.
    package let sessionToken: String
    /// The account of the role; `nil` where AWS does not say.
    package let accountID: String?
    /// When we got them.
    package let issuedAt: UnixTime
    /// When they end.
    package let expiresAt: UnixTime

    /// The credentials of a session that began now; `nil` where they have no token or no end.
    package init?(_ role: AssumedRole, issuedAt: UnixTime) {
        guard let token = role.credentials.sessionToken, let expiresAt = role.credentials.expiresAt else {
            return nil
        }
        let parts = role.arn.split(separator: ":", omittingEmptySubsequences: false)
        self.init(
            accessKeyID: role.credentials.accessKeyID,
            secretAccessKey: role.credentials.secretAccessKey,
            sessionToken: token,
            accountID: parts.count >= 6 && !parts[4].isEmpty ? String(parts[4]) : nil,
            issuedAt: issuedAt,
            expiresAt: expiresAt
        )
    }

    /// Credentials of their parts.
    package init(
        accessKeyID: String,
        secretAccessKey: String,
        sessionToken: String,
        accountID: String?,
        issuedAt: UnixTime,
        expiresAt: UnixTime
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.accountID = accountID
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    /// How much must be left of them before others take their place: a third of their life, 20 minutes at most.
    ///
    /// SDKs ask again for credentials that have less than 5 to 15 minutes left (botocore: 15), and would ask in vain
    /// if the old ones were handed out still.
    package var margin: Duration {
        min(max(expiresAt.duration(since: issuedAt), .zero) / 3, .seconds(1200))
    }

    /// Until they end; negative where they have.
    package func timeLeft(at time: UnixTime) -> Duration { expiresAt.duration(since: time) }

    /// Whether they can be handed out without a thought of others.
    ///
    /// Those that were made in the future were not: the clock has been set, and what it says of their end with it.
    package func isFresh(at time: UnixTime) -> Bool { issuedAt <= time && timeLeft(at: time) > margin }
}

extension SessionCredentials: CustomStringConvertible, CustomReflectable {
    /// The key's id and when it ends.
    package var description: String { "credentials \(accessKeyID) until \(expiresAt.rfc3339)" }

    /// Nothing beyond ``description``, so that `dump` and test failures do not print a secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
