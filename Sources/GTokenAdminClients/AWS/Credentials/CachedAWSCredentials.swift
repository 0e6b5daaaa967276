package import GTokenClients
package import GTokenCore
package import GTokenRuntime

/// Keeps credentials of AWS for all who sign with them, and gets the next ones before they end.
package struct CachedAWSCredentials: Sendable {
    private let source: any AWSCredentialsSource
    private let credentials: RenewedCredential<AWSCredentials, AWSCredentialError>

    /// Makes a cache without credentials.
    package init(_ source: any AWSCredentialsSource, clock: any Clock) {
        self.source = source
        credentials = RenewedCredential(
            // AWS's SDKs begin five to fifteen minutes before the end; a call and its repetitions take two.
            lives: .init(margin: .seconds(300), end: \.expiresAt),
            clock: clock
        ) { () async throws(AWSCredentialError) in
            let new = try await source.credentials()
            guard new.expiresAt ?? .latest > clock.now() else { throw .expired }
            return new
        }
    }

    /// Credentials that do not end soon; where there are no new ones, the old as long as they are good.
    ///
    /// - Throws: ``AWSCredentialError``; the next caller tries again.
    package func current() async throws(AWSCredentialError) -> AWSCredentials {
        try await credentials.current()
    }

    /// Forgets credentials that a service did not take.
    ///
    /// - Returns: whether there may be others.
    package func discard(_ rejected: AWSCredentials) async -> Bool {
        await credentials.discard(rejected)
        return source.isRenewable
    }
}
