package import GTokenCore
package import GTokenNet
package import GTokenRuntime

/// Asks AWS's Security Token Service (API version 2011-06-15), each question once.
///
/// ``AWSQueryError/isTransient`` says what is worth another try.
package struct STSClient: Sendable {
    /// Sends a request; a test's is no network.
    package typealias Transport =
        @Sendable (HTTPClientRequest) async throws(HTTPClientError) -> HTTPResponse

    private let endpoint: AWSEndpoint
    private let clock: any Clock
    private let send: Transport

    /// Makes a client of one endpoint.
    package init(_ endpoint: AWSEndpoint, clock: any Clock, transport: @escaping Transport) {
        (self.endpoint, self.clock, send) = (endpoint, clock, transport)
    }

    /// Makes a client over HTTP.
    package init(_ endpoint: AWSEndpoint, clock: any Clock, http: HTTPClient) {
        self.init(endpoint, clock: clock) { request throws(HTTPClientError) in try await http.send(request) }
    }

    /// Exchanges an ID token for credentials of a role; the request is not signed.
    package func assumeRoleWithWebIdentity(
        _ exchange: WebIdentityExchange
    ) async throws(AWSQueryError) -> AssumedRole {
        try AssumedRole(try await answer(to: .assumeRoleWithWebIdentity(exchange), with: nil))
    }

    /// Exchanges credentials for those of a role.
    package func assumeRole(
        _ change: RoleChange,
        with credentials: AWSCredentials
    ) async throws(AWSQueryError) -> AssumedRole {
        try AssumedRole(try await answer(to: .assumeRole(change), with: credentials))
    }

    /// Whom AWS takes the owner of these credentials for; it needs no permission.
    package func getCallerIdentity(
        with credentials: AWSCredentials
    ) async throws(AWSQueryError) -> CallerIdentity {
        try CallerIdentity(try await answer(to: .getCallerIdentity, with: credentials))
    }

    private func answer(
        to call: AWSQueryCall,
        with credentials: AWSCredentials?
    ) async throws(AWSQueryError) -> AWSQueryAnswer {
        let response: HTTPResponse
        do throws(HTTPClientError) {
            response = try await send(
                endpoint.request(for: call, signedWith: credentials, at: clock.now())
            )
        } catch {
            throw .transport(error)
        }
        return try AWSQueryAnswer(response, to: call, of: endpoint.service, hiding: credentials)
    }
}
