import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// A stand-in for what a Pod on GKE sees of Google, the metadata server, OpenID Connect discovery with the keys, OAuth's
/// token endpoint and IAM Credentials, and for what an administrator does: IAM, Kubernetes Engine, Service Usage, Resource Manager.
///
/// All answer on one address; their paths do not meet. Tokens are signed with a key of its own, by the
/// issuer `https://accounts.google.com`.
package final class GoogleEmulator: Sendable {
    /// Whose Pod is asking.
    package let configuration: GoogleEmulatorConfiguration
    /// The projects, service accounts, policies and clusters: at first the Pod's, well set up.
    package let cloud = GoogleCloud()
    /// What was asked.
    package let journal = EmulatorJournal()

    let signer: TokenSigner
    let clock: any Clock
    let state: Locked<State>

    struct State {
        var behaviour: GoogleBehaviour
        /// The tokens that the metadata server hands out again, by audience.
        var tokens: [String: CachedToken] = [:]
        /// Access tokens that were handed out.
        var accessTokens: [String: AccessToken] = [:]
        /// Keys of service accounts, by their ids.
        var accountKeys: [String: AccountKey] = [:]
        /// Members of policies that have logged in, by their refresh tokens.
        var logins: [String: Login] = [:]
    }

    struct AccessToken {
        /// Who has it, as a member of policies.
        var member: String
        /// What of Google's it is for.
        var scopes: Set<String>
        var expiresAt: UnixTime
    }

    struct CachedToken {
        var text: String
        var uniqueID: GoogleUniqueID
        var expiresAt: UnixTime
    }

    /// Makes a stand-in with a new key, which takes about a tenth of a second.
    package init(
        _ configuration: GoogleEmulatorConfiguration,
        behaviour: GoogleBehaviour = GoogleBehaviour(),
        clock: any Clock
    ) throws(CryptographyError) {
        self.configuration = configuration
        self.clock = clock
        // Google's key ids have 40 hexadecimal digits.
        signer = try TokenSigner(type: "JWT") { Hexadecimal.encode(Crypto.sha256($0.modulus).prefix(20)) }
        state = Locked(State(behaviour: behaviour))
        setUp()
    }

    /// The public keys of its tokens.
    package var keySet: JSONWebKeySet { signer.keySet }

    /// Changes how it behaves from the next request on.
    package func change(_ body: (inout GoogleBehaviour) -> Void) {
        state.withLock { body(&$0.behaviour) }
    }

    /// Signs an ID token of the account for any audience, as another receiver of its tokens would have one.
    package func idToken(audience: String) throws(CryptographyError) -> String {
        let behaviour = state.withLock { $0.behaviour }
        let uniqueID = cloud.uniqueID(of: configuration.email) ?? configuration.uniqueID
        return try signer.sign(
            claims(audience: audience, of: configuration.email, uniqueID, behaviour: behaviour)
        )
    }

    /// Answers a request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let delay = state.withLock { $0.behaviour.delay }
        if delay > .zero {
            do throws(CancellationError) {
                try await clock.sleep(for: delay)
            } catch {
                return answer(request, .empty(status: 503))
            }
        }
        if let scripted = scripted(request) { return answer(request, scripted) }
        return answer(request, route(request))
    }

    private func scripted(_ request: HTTPRequest) -> HTTPResponse? {
        state.withLock { state in
            if let response = ScriptedAnswer.take(from: &state.behaviour.script, path: request.path) {
                return response
            }
            guard Self.isMetadata(request), state.behaviour.requestsUntilReady > 0 else { return nil }
            state.behaviour.requestsUntilReady -= 1
            return state.behaviour.notReadyAnswer
        }
    }

    private func route(_ request: HTTPRequest) -> HTTPResponse {
        if Self.isMetadata(request) { return metadata(request) }
        return switch request.path {
        case "/.well-known/openid-configuration": discovery(request)
        case "/oauth2/v3/certs": keys(request)
        case "/token": token(request)
        default:
            iamCredentials(request) ?? cloud.keys(of: request)
                ?? cloud.respond(to: request, caller: caller(of: request))
                ?? .text("404 page not found\n", status: 404)
        }
    }

    private func answer(_ request: HTTPRequest, _ response: HTTPResponse) -> HTTPResponse {
        journal.add(
            JournalEntry(
                time: clock.now(),
                method: request.method,
                path: request.path,
                status: response.status
            )
        )
        return response
    }

    private static func isMetadata(_ request: HTTPRequest) -> Bool {
        request.path == "/" || request.path.hasPrefix("/computeMetadata/")
    }

    /// The claims that the metadata server's and IAM Credentials' tokens have: the unique id is `azp` too.
    func claims(
        audience: String,
        of email: GoogleServiceAccountEmail,
        _ uniqueID: GoogleUniqueID,
        behaviour: GoogleBehaviour
    ) -> GoogleTokenClaims {
        GoogleTokenClaims(
            audience: audience,
            subject: uniqueID.description,
            authorizedParty: uniqueID.description,
            email: email.description,
            issuedAt: clock.now() - behaviour.tokenAge,
            lifetime: behaviour.tokenLifetime
        )
    }
}
