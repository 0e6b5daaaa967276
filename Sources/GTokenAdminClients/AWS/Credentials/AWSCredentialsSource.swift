package import GTokenClients
package import GTokenCore

/// Where credentials of AWS come from.
package protocol AWSCredentialsSource: Sendable {
    /// Whether asking again can give others.
    var isRenewable: Bool { get }

    /// Credentials that are good now; nothing is kept.
    func credentials() async throws(AWSCredentialError) -> AWSCredentials
}

extension AWSCredentials: AWSCredentialsSource {
    /// What was written down somewhere stays as it is.
    package var isRenewable: Bool { false }

    /// These.
    package func credentials() async throws(AWSCredentialError) -> AWSCredentials { self }
}
