package import GTokenRuntime

/// Keeps one access token for all who call, and gets the next one shortly before it ends.
package struct CachedAccessTokens: Sendable {
    private let token: RenewedCredential<GoogleAccessToken, GoogleCredentialError>

    /// Makes a cache without a token.
    package init(_ source: any GoogleAccessTokenSource, clock: any Clock) {
        token = RenewedCredential(
            lives: .init(
                // A call and its repetitions are over by then; Google's own caches give no token that lives shorter.
                margin: .seconds(225),
                // Google's tokens live an hour; one that was printed by somebody else has lost some of it.
                assumed: .seconds(600),
                end: \.expiresAt
            ),
            clock: clock
        ) { () async throws(GoogleCredentialError) in try await source.accessToken() }
    }

    /// A token that does not end soon; where there is no new one, the old as long as it is good.
    ///
    /// - Throws: ``GoogleCredentialError``; the next caller tries again.
    package func current() async throws(GoogleCredentialError) -> GoogleAccessToken {
        try await token.current()
    }

    /// Forgets a token that a service did not take; not one that has come in its place meanwhile.
    package func discard(_ rejected: GoogleAccessToken) async { await token.discard(rejected) }
}
