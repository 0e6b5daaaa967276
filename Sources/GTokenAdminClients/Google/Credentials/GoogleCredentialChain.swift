package import GTokenClients
private import GTokenRuntime

/// Places that may have a credential, in order: the first that has one is asked from then on.
///
/// A place that has one which does not work is an error, never a reason to go on as somebody else.
package struct GoogleCredentialChain: GoogleAccessTokenSource {
    private let sources: [any GoogleAccessTokenSource]
    private let chosen = Locked<Int?>(nil)

    /// Makes a chain.
    package init(_ sources: [any GoogleAccessTokenSource]) { self.sources = sources }

    package func accessToken() async throws(GoogleCredentialError) -> GoogleAccessToken {
        if let index = chosen.withLock({ $0 }) { return try await sources[index].accessToken() }
        for (index, source) in sources.enumerated() {
            do throws(GoogleCredentialError) {
                let token = try await source.accessToken()
                chosen.withLock { $0 = index }
                return token
            } catch .notFound {
                continue
            }
        }
        throw .notFound
    }

    /// Where the tokens come from, in words; nil until there was one.
    package var origin: String? {
        chosen.withLock { $0 }.map { "\(sources[$0])" }
    }
}
